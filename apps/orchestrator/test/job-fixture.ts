import { fileURLToPath } from 'node:url';
import { openTestPool, startTestDatabase } from '@uno/testing';
import type { CellResult } from '@uno/workflow-contracts';
import { editCell } from '../src/cells/edit-cell.js';
import type { Config } from '../src/config/config.js';
import { Database } from '../src/database/database.js';
import { newId } from '../src/database/ids.js';
import { acceptJob } from '../src/jobs/accept-job.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { jobRequest } from '../src/jobs/job-request.js';
import type { JobView } from '../src/jobs/job-request.js';
import { readJobView } from '../src/jobs/job-view.js';
import { beginJob } from '../src/jobs/job-state.js';
import { readStepPage } from '../src/pages/step-page.js';
import { settleCells } from '../src/pages/settle-cells.js';

export const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

export interface JobFixture {
  readonly database: Database;
  readonly workspaceId: string;
  readonly listId: string;
  readonly columnIds: readonly string[];
  readonly rowIds: readonly string[];
  /** As the owner of the database: row-level security does not apply. */
  admin<Row extends object>(text: string, params?: readonly unknown[]): Promise<Row[]>;
  accept(request?: Record<string, unknown>): Promise<JobView>;
  begin(jobId: string, runId?: string): Promise<Fence>;
  view(jobId: string): Promise<JobView>;
  /** Settles every open cell of a page as a worker would; `answer` says how. */
  fillPage(
    by: Fence,
    pageNo: number,
    answer?: (rowId: string, columnId: string) => Partial<CellResult>,
  ): Promise<number>;
  cells(): Promise<CellRow[]>;
  /** Writes a value by hand. */
  edit(rowId: string, columnId: string, value: string): Promise<void>;
  stop(): Promise<void>;
}

export interface CellRow {
  readonly row_id: string;
  readonly column_id: string;
  readonly status: string;
  readonly value: unknown;
  readonly version_id: number | null;
  readonly edited: boolean;
}

/** A fresh database with one workspace, one list of companies and enrich columns, and no server but Postgres. */
export async function jobFixture({ rows = 3, columns = 2, price = 1 } = {}): Promise<JobFixture> {
  const server = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_app' });
  const database = new Database({ databaseUrl: server.url, databasePoolSize: 20 } as Config);
  const owner = openTestPool(server.adminUrl, 4);
  const admin = async <Row extends object>(text: string, params: readonly unknown[] = []): Promise<Row[]> =>
    (await owner.query<Row>(text, [...params])).rows;
  const workspaceId = newId('ws');
  const listId = newId('lst');
  const columnIds = Array.from({ length: columns }, () => newId('col'));
  const rowIds = Array.from({ length: rows }, () => newId('row'));
  await admin(
    `insert into service (id, title, entity_types, returns, price, capabilities, task_queue, contract_version, inputs,
       config_schema, absent_after_seconds)
     values ('enrich', 'Enrich', '{company}', 'text', $1, '{}', 'enrich', 1, 'identity', '{}', 60) on conflict do nothing`,
    [price],
  );
  await admin(`insert into workspace (id, name) values ($1, 'Test')`, [workspaceId]);
  await admin(
    `insert into list (workspace_id, id, name, entity_type, identity, attributes)
     values ($1, $2, 'Companies', 'company', '{"name": "Name"}', '{Name}')`,
    [workspaceId, listId],
  );
  await admin('insert into list_counter (workspace_id, list_id, last_row_no) values ($1, $2, $3)', [
    workspaceId,
    listId,
    rows,
  ]);
  await admin('insert into list_sequence (workspace_id, list_id) values ($1, $2)', [workspaceId, listId]);
  await admin(
    `insert into list_row (workspace_id, id, list_id, row_no, entity)
     select $1, id, $2, no, jsonb_build_object('Name', 'Company ' || no) from unnest($3::text[]) with ordinality as r (id, no)`,
    [workspaceId, listId, rowIds],
  );
  await admin(
    `insert into list_column (workspace_id, id, list_id, name, service_id, config, position)
     select $1, id, $2, 'Column ' || no, 'enrich', '{"attribute": "industry"}', no from unnest($3::text[]) with ordinality as c (id, no)`,
    [workspaceId, listId, columnIds],
  );
  const view = async (jobId: string): Promise<JobView> => {
    const found = await database.inWorkspace(workspaceId, (sql) => readJobView(sql, workspaceId, jobId));
    if (!found) throw new Error('no such job');
    return found;
  };
  return {
    database,
    workspaceId,
    listId,
    columnIds,
    rowIds,
    admin,
    view,
    accept: (request = {}) =>
      database.inWorkspace(workspaceId, (sql) =>
        acceptJob(
          sql,
          { workspaceId, listId },
          { request: jobRequest.parse({ columnIds, scope: { type: 'all' }, ...request }), createdBy: 'key_test' },
        ),
      ),
    begin: async (jobId, runId = 'run-1') => {
      const begun = await beginJob(database, { workspaceId, jobId }, runId);
      if (!begun) throw new Error('the job was not begun');
      return { workspaceId, jobId, owner: runId, fence: begun.fence };
    },
    fillPage: async (by, pageNo, answer = () => ({})) => {
      const step = { pageNo, stepNo: 0, serviceId: 'enrich' };
      const page = await readStepPage(database, by, step);
      if (!page) throw new Error('the page is not open');
      const results = page.rows.flatMap(({ rowId, columnIds: open }) =>
        open.map((columnId): CellResult => ({
          rowId,
          columnId,
          status: 'filled',
          value: `${rowId}/${columnId}`,
          ...answer(rowId, columnId),
        })),
      );
      const reply = await settleCells(database, by, step, results);
      return reply?.settled ?? 0;
    },
    cells: () =>
      admin<CellRow>(
        `select row_id, column_id, status, value, version_id::integer, edited from cell
         where workspace_id = $1 order by row_id, column_id`,
        [workspaceId],
      ),
    edit: (rowId, columnId, value) => editCell(database, { workspaceId, listId, rowId, columnId }, value),
    stop: async () => {
      await database.pool.end();
      await owner.end();
      await server.stop();
    },
  };
}
