import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { query } from '../src/database.js';
import { CRM_UPSERT } from '../src/crm.js';
import { missingServices } from '../src/describe-with.js';
import { sandbox } from '../src/sandbox.js';
import { FOUR_TEAMS, type SixColumnList, sixColumns } from '../src/six-columns.js';
import { everythingHealthy } from '../src/stack-control.js';
import { readCredentials, stackHome } from '../src/stack-home.js';
import { historyOf, withTemporal, workflowsOf } from '../src/temporal.js';
import { Workspace } from '../src/workspace.js';

const ROWS = 40;
const hasFourTeams = missingServices(FOUR_TEAMS).length === 0;
/** Empty while all is well: what an import passes through, a job whose workflow is lost, a law that is broken. */
const EMPTY_AT_REST = [
  ...['import_staging', 'job_watch', 'law_violation'],
  ...(hasFourTeams ? [] : ['effect', 'effect_outcome', 'row_memory']),
];

describe('what a user knows about a company', () => {
  // In lower case throughout: providers and our own code fold the case of a domain.
  const canary = `kanarienvogel${randomUUID().replaceAll('-', '')}`;
  const jobs: string[] = [];

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    const workspace = await Workspace.create('Privacy', 1_000);
    const entities = Array.from({ length: ROWS }, (_, index) => ({ Security: `${canary} ${index}`, Notes: canary }));
    const { list, columns } = await workspace.companies(entities, ['industry', 'description']);
    const runUntil = async (
      state: string,
      over: Pick<SixColumnList, 'list' | 'columns'> = { list, columns },
    ): Promise<void> => {
      const { id } = await workspace.fill(over.list.id, over.columns);
      jobs.push(id);
      expect(await workspace.finalJob(id)).toMatchObject({ state });
    };
    await runUntil('completed');
    if (hasFourTeams) {
      const named = entities.map(({ Security: Company }, index) => ({ Company, Domain: `${canary}-${index}.example` }));
      const six = await sixColumns(workspace, named);
      await runUntil('completed', six);
      // The journal has an entry for each record then; the CRM repeats what it is asked for, and takes nothing.
      await sandbox.faults([{ provider: 'hubspot', route: CRM_UPSERT, fault: 'server_error' }]);
      await runUntil('failed', six);
    }
    // Each provider's error body repeats what it was asked for.
    await sandbox.faults([
      { provider: 'lusha', fault: 'server_error' },
      { provider: 'pdl', fault: 'server_error' },
    ]);
    await runUntil('failed');
    for (const hits of await sandbox.faultHits()) expect(hits).toBeGreaterThan(0);
    await sandbox.faults([{ provider: 'lusha', fault: 'unauthorized' }]);
    await runUntil('failed');
    await sandbox.reset(1);
    await sandbox.latency(500);
    const { id } = await workspace.fill(list.id, columns);
    jobs.push(id);
    await workspace.jobWhen(id, 'to have opened a page', ({ totals }) => totals.pending > 0);
    await workspace.send('POST', `/v1/jobs/${id}/cancel`, {});
    expect(await workspace.finalJob(id)).toMatchObject({ state: 'cancelled' });
  });
  afterAll(() => sandbox.reset(1));

  test('is in no workflow history and no visibility record, of the job and of every child', async () => {
    await withTemporal(async (client) => {
      for (const jobId of jobs) {
        const runs = await waitUntil(
          async () => {
            const found = await workflowsOf(client, jobId);
            const parent = found.some(({ workflowId }) => workflowId === `job:${jobId}`);
            return parent && found.length > 1 && found.every(({ status }) => status !== 'RUNNING') && found;
          },
          { what: `the workflows of job ${jobId} to be listed as closed` },
        );
        for (const run of runs) {
          const history = await historyOf(client, run);
          expect(history).toContain(jobId);
          expect(history).not.toContain(canary);
          expect(run.record).toContain(run.workflowId);
          expect(run.record).not.toContain(canary);
        }
      }
    });
  });

  test('is in no file of Temporal’s database', () => {
    const names = readdirSync(stackHome()).filter((name) => name.startsWith('temporal.db'));
    const bytes = Buffer.concat(names.map((name) => readFileSync(join(stackHome(), name))));
    for (const jobId of jobs) expect(bytes.includes(jobId)).toBe(true);
    expect(bytes.includes(canary)).toBe(false);
    expect(bytes.includes(Buffer.from(canary).toString('base64').slice(0, 40))).toBe(false);
  });

  test('is in no log', () => {
    const folder = join(stackHome(), 'logs');
    const logs = readdirSync(folder);
    expect(logs).toEqual(
      expect.arrayContaining(['api.log', 'enrich-worker.log', 'orchestrator-worker.log', 'temporal.log']),
    );
    const leaking = logs.filter((name) => readFileSync(join(folder, name), 'utf8').includes(canary));
    expect(leaking).toEqual([]);
    // It did go out: the provider was asked for it.
    expect(readFileSync(join(stackHome(), 'provider-sandbox', 'calls.jsonl'), 'utf8')).toContain(canary);
  });

  test('is hidden from the application’s database role while no workspace is set: every table shows nothing', async () => {
    const { databaseUrl, databaseAdminUrl } = readCredentials();
    const tables = await query<{ name: string }>(
      databaseAdminUrl,
      `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = 'workspace_id' order by 1`,
    );
    const names = [...tables.map(({ name }) => name), 'workspace'];
    expect(names).toEqual(
      expect.arrayContaining(['list', 'list_row', 'list_column', 'cell', 'cell_version', 'job', 'api_key']),
    );
    for (const name of names) {
      const count = `select count(*)::int as rows, $1 as table from "${name}"`;
      if (!EMPTY_AT_REST.includes(name)) {
        const seenByOwner = (): Promise<{ rows: number }[]> => query(databaseAdminUrl, count, [name]);
        // The reconciler writes its mark when it gets there.
        await waitUntil(async () => (await seenByOwner()).some(({ rows }) => rows > 0), { what: `rows in ${name}` });
      }
      expect(await query(databaseUrl, count, [name])).toEqual([{ rows: 0, table: name }]);
    }
    const secured = await query<{ name: string }>(
      databaseAdminUrl,
      'select relname as name from pg_class where relnamespace = $1::regnamespace and relrowsecurity',
      ['public'],
    );
    expect(secured.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });
});
