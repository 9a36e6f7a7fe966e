import { expect } from '@jest/globals';
import { journalEffects } from '../../src/effects/journal-effects.js';
import type { Fence } from '../../src/jobs/job-lock.js';
import { beginJob, fenceJob, finishJob } from '../../src/jobs/job-state.js';
import { openPage } from '../../src/pages/open-page.js';
import { restorePage } from '../../src/pages/restore-page.js';
import { OPERATOR_KEY, SERVICE_KEY, TEST_SERVICE, startApi } from '../api-fixture.js';
import type { ApiFixture } from '../api-fixture.js';
import { readOperations } from './operations.js';
import type { Audience, Operation, RoutesDocument } from './operations.js';

/** What a route's parameters and the fields of a body are called, and what they hold here. */
export type Values = Readonly<Record<string, unknown>>;

export interface World {
  readonly api: ApiFixture;
  readonly document: RoutesDocument;
  readonly keys: Readonly<Record<Audience, string>>;
  /** Ids of another workspace, to be addressed; they and the names there are secrets that stand in no answer. */
  readonly foreign: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** Ids of a third workspace, to be written into bodies: where any text is welcome they are kept and shown. */
  readonly foreignInBodies: Readonly<Record<string, string>>;
  /** Things for an operation to work on; what it destroys is made anew. */
  place(operation: Operation): Promise<Values>;
  /** Tables that were written to since the last time this was asked. */
  written(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Written to by timers, or while a file is on its way. */
const RESTLESS_TABLES = ['import_staging', 'outbox', 'service'];

const SECRET_NAMES = ['Zebrafish', 'Heron'] as const;

interface Tenant {
  readonly key: string;
  readonly ids: Readonly<Record<'workspaceId' | 'listId' | 'rowId' | 'columnId' | 'jobId' | 'parkedJobId', string>>;
  /** A row of the page that is open. */
  readonly openRowId: string;
  readonly fence: number;
  readonly parkedFence: number;
}

/** Routes about a job that is undone, or parked in its undo. */
const OF_PARKED_JOBS = [
  'POST /v1/jobs/{jobId}/compensate',
  'GET /internal/v1/jobs/{jobId}/pages/{pageNo}/steps/{stepNo}/effects',
  'POST /internal/v1/jobs/{jobId}/pages/{pageNo}/steps/{stepNo}/effects/outcomes',
];

/**
 * The API with three workspaces that have the same things in them, each with a job whose first page is open, and one whose undo
 * is parked.
 */
export async function startWorld(): Promise<World> {
  const api = await startApi();
  const mine = await settle(api, 'Otter');
  const [other, third] = [await settle(api, SECRET_NAMES[0]), await settle(api, SECRET_NAMES[1])];
  await recordWrites(api);
  let names = 0;
  const known = (ids: Readonly<Record<string, string>>): Values => ({
    ...ids,
    pageNo: 0,
    stepNo: 0,
    fence: mine.fence,
    serviceId: TEST_SERVICE.id,
    name: `Name ${(names += 1)}`,
    entity: { name: 'Otter Rivers', city: 'Bern' },
    identity: { name: 'name' },
    columnIds: [ids['columnId']],
    rowIds: [ids['rowId']],
    scope: { type: 'rows', rowIds: [ids['rowId']] },
    service: TEST_SERVICE.id,
    config: { attribute: 'city' },
    value: 'Bern',
    key: 'a-key-of-a-spare-service',
    ...TEST_SERVICE,
  });
  return {
    api,
    document: readOperations(api.app),
    keys: { workspace: mine.key, service: SERVICE_KEY, operator: OPERATOR_KEY },
    foreign: other.ids,
    secrets: [...Object.values(other.ids), ...SECRET_NAMES],
    foreignInBodies: third.ids,
    place: async ({ method, audience, name }) => {
      const values = known(
        method === 'DELETE' ? { ...mine.ids, ...(await furnish(api, mine.key, 'Spare')) } : mine.ids,
      );
      if (OF_PARKED_JOBS.includes(name)) return { ...values, jobId: mine.ids.parkedJobId, fence: mine.parkedFence };
      if (audience === 'service') return { ...values, rowId: mine.openRowId };
      // A new key for the service that everybody uses would lock its worker out.
      return audience === 'operator' ? { ...values, serviceId: 'spare' } : values;
    },
    written: async () => {
      const rows = await api.admin<{ table_name: string }>('delete from test_write returning table_name');
      return [...new Set(rows.map(({ table_name }) => table_name))];
    },
    stop: () => api.stop(),
  };
}

/** A workspace with a list, three rows, a column, an edited cell, a running job over the second row and a parked one over the third. */
async function settle(api: ApiFixture, name: string): Promise<Tenant> {
  const { body } = await api.call('POST', '/internal/v1/workspaces', { key: OPERATOR_KEY, body: { name } });
  const { id: workspaceId, apiKey: key } = body as { id: string; apiKey: string };
  const { listId, rowId, secondRowId, thirdRowId, columnId } = await furnish(api, key, name);
  const cell = `/v1/lists/${listId}/rows/${rowId}/cells/${columnId}`;
  await api.call('PUT', cell, { key, body: { value: `${name} City` } });
  const started = async (onRow: string): Promise<Fence> => {
    const { body: job } = await api.call('POST', `/v1/lists/${listId}/jobs`, {
      key,
      body: { columnIds: [columnId], scope: { type: 'rows', rowIds: [onRow] } },
    });
    const begun = await beginJob(api.database, { workspaceId, jobId: job.id }, 'run-of-this-test');
    if (!begun) throw new Error('the job was not begun');
    const by = { workspaceId, jobId: job.id as string, owner: 'run-of-this-test', fence: begun.fence };
    await openPage(api.database, by, 0);
    return by;
  };
  const { jobId, fence } = await started(secondRowId);
  const parked = await park(api, await started(thirdRowId), { rowId: thirdRowId, columnId });
  const ids = { workspaceId, listId, rowId, columnId, jobId, parkedJobId: parked.jobId };
  return { key, ids, openRowId: secondRowId, fence, parkedFence: parked.fence };
}

/** Has a job write at a provider, and undoes it while the provider takes nothing back. */
async function park(
  api: ApiFixture,
  by: Fence,
  { rowId, columnId }: { readonly rowId: string; readonly columnId: string },
): Promise<Fence> {
  const target = { object: 'company', idProperty: 'domain', value: `${by.workspaceId}.example` };
  const step = { jobId: by.jobId, pageNo: 0, stepNo: 0, fence: by.fence, serviceId: TEST_SERVICE.id };
  const effect = { rowId, columnId, key: 'key', target, before: null, after: { city: 'Bern' } };
  await journalEffects(api.database, by, step, [effect]);
  const undoer = { ...by, ...(await fenceJob(api.database, by, 'compensation:test', { target: 'failed' })) };
  await restorePage(api.database, undoer, 0);
  expect(await finishJob(api.database, undoer)).toBe('compensation_failed');
  return undoer;
}

async function furnish(
  api: ApiFixture,
  key: string,
  name: string,
): Promise<Record<'listId' | 'rowId' | 'secondRowId' | 'thirdRowId' | 'columnId', string>> {
  const post = async (path: string, body: unknown): Promise<{ id: string; items: { id: string }[] }> =>
    (await api.call('POST', path, { key, body })).body;
  const { id: listId } = await post('/v1/lists', { name, entityType: 'company', identity: { name: 'name' } });
  const rows = await post(`/v1/lists/${listId}/rows`, {
    rows: ['One', 'Two', 'Three'].map((no) => ({ entity: { name: `${name} ${no}` } })),
  });
  const column = await post(`/v1/lists/${listId}/columns`, {
    name: `${name} column`,
    service: TEST_SERVICE.id,
    config: { attribute: 'city' },
  });
  const [rowId = '', secondRowId = '', thirdRowId = ''] = rows.items.map(({ id }) => id);
  return { listId, rowId, secondRowId, thirdRowId, columnId: column.id };
}

/** Has the database note each row that anybody writes; what is rolled back leaves no note. */
async function recordWrites(api: ApiFixture): Promise<void> {
  await api.admin('create table test_write (table_name text not null)');
  await api.admin(`create function note_write() returns trigger language plpgsql security definer as $$
    begin insert into public.test_write values (tg_table_name); return null; end $$`);
  const tables = await api.admin<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name <> 'test_write' and table_name <> all ($1)`,
    [RESTLESS_TABLES],
  );
  for (const { name } of tables) {
    await api.admin(
      `create trigger note_write after insert or update or delete on "${name}" for each row execute function note_write()`,
    );
  }
}
