import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@uno/testing';
import { installAuditTrail } from '../src/audit/audit-trail.js';
import { type Evidence, readEvidence } from '../src/audit/evidence.js';
import { Database } from '../src/stack/database.js';
import { REPOSITORY } from '../src/stack/stack-home.js';

const migrationsOf = (app: string): string => join(REPOSITORY, 'apps', app, 'prisma', 'migrations');

export const COMPANIES = ['Adobe', 'Bosch', 'Cisco', 'Danone'] as const;
export const COLUMN = 'col_1';

const PLAN = {
  ...{ scope: 'all', overwriteEdits: false, lastRowNo: COMPANIES.length },
  columns: [{ id: COLUMN, price: 1 }],
};

/** A list of four companies in real databases of its own, with statements that write what a job writes. */
export class HandMadeJob {
  private constructor(
    private readonly databases: readonly TestDatabase[],
    readonly app: Database,
    private readonly billing: Database,
  ) {}

  static async start(): Promise<HandMadeJob> {
    const app = await startTestDatabase({ role: 'uno_app', migrations: migrationsOf('orchestrator') });
    const billing = await startTestDatabase({ role: 'uno_billing', migrations: migrationsOf('billing') });
    const made = new HandMadeJob([app, billing], new Database(app.adminUrl), new Database(billing.adminUrl));
    await installAuditTrail(made.app);
    await made.app.rows(
      `insert into service (id, title, entity_types, returns, price, capabilities, task_queue, contract_version, inputs,
         config_schema, absent_after_seconds) values ('enrich', 'Enrich', '{company}', 'text', 1, '{}', 'enrich', 1, 'identity', '{}', 60)`,
    );
    return made;
  }

  async stop(): Promise<void> {
    await Promise.all([this.app.close(), this.billing.close()]);
    for (const database of this.databases) await database.stop();
  }

  /** A workspace with its list, and a job that has just been accepted. */
  async accepted(workspace: string): Promise<void> {
    await this.app.rows(`insert into workspace (id, name) values ($1, 'Test')`, [workspace]);
    await this.billing.rows('insert into account (id) values ($1)', [workspace]);
    await this.app.rows(`insert into list (workspace_id, id, name, entity_type) values ($1, $1, 'L', 'company')`, [
      workspace,
    ]);
    await this.app.rows(
      `insert into list_column (workspace_id, id, list_id, name, service_id, config, position)
       values ($1, $2, $1, 'Industry', 'enrich', '{"attribute": "industry"}', 1)`,
      [workspace, COLUMN],
    );
    await this.app.rows(
      `insert into list_row (workspace_id, id, list_id, row_no, entity)
       select $1, 'row_' || no, $1, no, jsonb_build_object('Security', name) from unnest($2::text[]) with ordinality as r (name, no)`,
      [workspace, COMPANIES],
    );
    await this.app.rows(
      `insert into job (workspace_id, id, list_id, plan, cells, max_cost, on_failure, on_cancel, created_by)
       values ($1, $2, $1, $3, $4, $4, 'rollback', 'rollback', 'test')`,
      [workspace, jobOf(workspace), PLAN, COMPANIES.length],
    );
  }

  async state(workspace: string, state: string): Promise<void> {
    await this.app.rows(
      `update job set state = $2, undo_mode = 'rollback', finished_at = now() where workspace_id = $1`,
      [workspace, state],
    );
  }

  /** Claims the rows from `from` to `to` and records their page, in one transaction as the product does. */
  async open(workspace: string, pageNo: number, [from, to]: readonly [number, number]): Promise<void> {
    await this.app.rows('begin');
    await this.app.rows(
      `insert into cell (workspace_id, row_id, column_id, list_id) select workspace_id, id, $2, list_id from list_row
       where workspace_id = $1 and row_no between $3 and $4 on conflict do nothing`,
      [workspace, COLUMN, from, to],
    );
    await this.app.rows(
      `update cell c set status = 'pending', job_id = $2, page_no = $3, former_status = c.status, former_version_id = c.version_id,
         claimed_from = 1 from list_row r where c.workspace_id = $1 and r.workspace_id = $1 and r.id = c.row_id
         and r.row_no between $4 and $5`,
      [workspace, jobOf(workspace), pageNo, from, to],
    );
    await this.app.rows(
      `insert into job_page (workspace_id, job_id, page_no, stage_no, from_row_no, to_row_no, state, cells, claimed)
       values ($1, $2, $3, 0, $4, $5, 'open', $5::integer - $4 + 1, $5::integer - $4 + 1)`,
      [workspace, jobOf(workspace), pageNo, from, to],
    );
    await this.app.rows('commit');
  }

  /** Settles a cell, with a try that found nothing where there is no value. */
  async settle(workspace: string, rowNo: number, value: string | null): Promise<void> {
    const reason = value === null ? { code: 'no_match', message: 'Lusha has no match.' } : null;
    await this.app.rows(
      `with version as (
         insert into cell_version (workspace_id, list_id, row_id, column_id, status, value, reason, author, job_id, page_no, cost, made_from)
         values ($1, $1, 'row_' || $2::text, $3, $4, $5, $6, 'job', $7, 0, $8, 1) returning id)
       update cell set status = $4, value = $5, reason = $6, version_id = version.id from version
       where workspace_id = $1 and row_id = 'row_' || $2::text`,
      [
        ...[workspace, rowNo, COLUMN, value === null ? 'not_found' : 'filled', JSON.stringify(value), reason],
        ...[jobOf(workspace), value === null ? 0 : 1],
      ],
    );
  }

  /** Gives every cell its former content back and marks the job's versions. */
  async restore(workspace: string): Promise<void> {
    await this.app.rows(
      `update cell set status = former_status, value = null, reason = null, version_id = former_version_id where workspace_id = $1`,
      [workspace],
    );
    await this.app.rows('update cell_version set restored_at = now() where workspace_id = $1', [workspace]);
  }

  evidence(workspace: string): Promise<Evidence> {
    return readEvidence(this.app, this.billing, workspace);
  }
}

export const jobOf = (workspace: string): string => `job_${workspace}`;
