import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addSampleColumns, ensureSampleLists, type SampleColumn } from '../src/seed/sample-lists.js';
import { ensureWorkspace, registerServiceKeys } from '../src/seed/seed.js';
import { SAMPLE_COMPANIES } from '../src/seed/sample-companies.js';
import { SAMPLE_CONTACTS } from '../src/seed/sample-contacts.js';
import { stackHome } from '../src/stack/home.js';
import type { DemoWorkspace } from '../src/stack/secrets.js';
import { type StackSettings, stackSettings } from '../src/stack/settings.js';
import type { WorkerDescription } from '../src/stack/workers.js';
import { temporaryDirectory } from './support/temporary-directory.js';

interface Recorded {
  readonly request: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

/** A worker of a team, with a column for sample companies. */
function worker(service: string, portOffset: number, config: Record<string, string>): WorkerDescription {
  const column = { name: `By ${service}`, config };
  return { service, portOffset, providers: [], environment: {}, sampleColumns: { company: [column], contact: [] } };
}

const WORKERS = [worker('data', 11, { attribute: 'industry' }), worker('words', 12, { prompt: '{{By data}}' })];

describe('the seed', () => {
  const received: Recorded[] = [];
  let server: Server;
  let directory: string;
  let refuseKeys: boolean;
  let offered: readonly string[];
  /** What a request of a column is refused with, by its name. */
  let refusals: Record<string, number>;
  const said: string[] = [];

  beforeEach(async () => {
    received.length = 0;
    said.length = 0;
    refuseKeys = false;
    offered = ['data', 'words'];
    refusals = {};
    directory = await temporaryDirectory();
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const key = request.headers['idempotency-key'];
        received.push({ request: `${request.method} ${request.url}`, key: key as string | undefined, body });
        if (refuseKeys && request.method === 'GET') response.statusCode = 401;
        const refusal = refusals[(body as { name?: string } | undefined)?.name ?? ''];
        if (refusal !== undefined) response.statusCode = refusal;
        response.setHeader('content-type', 'application/json');
        const items = offered.map((id) => ({ id }));
        response.end(JSON.stringify({ id: `id-${received.length}`, apiKey: 'a-key', items }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  /** Settings as a new start reads them, aimed at the recording server. */
  function settings(): StackSettings {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { ...stackSettings({}, stackHome(directory)), workers: WORKERS, url, billingUrl: url };
  }

  /** What a start does. @returns the workspace and the columns that wait for their service */
  async function seed(current = settings()): Promise<{ id: string; waiting: SampleColumn[] }> {
    const workspace = await ensureWorkspace(current);
    const columns = await ensureSampleLists(current, workspace);
    return { id: workspace.id, waiting: await addColumns(current, workspace, columns) };
  }

  const addColumns = (
    current: StackSettings,
    workspace: DemoWorkspace,
    columns: readonly SampleColumn[],
  ): Promise<SampleColumn[]> =>
    addSampleColumns(current, workspace, { columns, say: (message) => void said.push(message) });

  const requests = (): string[] => received.map(({ request }) => request);
  const columnsMade = (): unknown[] =>
    received.flatMap(({ request, body }) => (request.endsWith('/columns') ? [(body as SampleColumn).name] : []));

  test('makes a workspace with credits, and lists with a column of each service that says which', async () => {
    const { id } = await seed();
    expect(requests()).toEqual([
      'POST /internal/v1/workspaces',
      `POST /v1/accounts/${id}/grants`,
      ...['POST /v1/lists', 'POST /v1/lists/id-3/rows', 'POST /v1/lists', 'POST /v1/lists/id-5/rows'],
      'GET /v1/services',
      ...['POST /v1/lists/id-3/columns', 'POST /v1/lists/id-3/columns'],
    ]);
    expect(received[1]).toMatchObject({ key: `grant:demo:${id}`, body: { amount: 100_000 } });
    expect([received[2]?.body, received[4]?.body]).toMatchObject([
      { entityType: 'company' },
      { entityType: 'contact' },
    ]);
    expect(received[7]?.body).toEqual({ name: 'By data', service: 'data', config: { attribute: 'industry' } });
    expect(settings().secrets.workspace?.seeded).toBe(true);
  });

  test('tells the orchestrator a key of each worker that is there', async () => {
    const current = settings();
    await registerServiceKeys(current);
    const services = Object.keys(current.secrets.serviceKeys);
    expect(services.length).toBeGreaterThan(0);
    expect(requests()).toEqual(services.map((service) => `PUT /internal/v1/services/${service}/key`));
  });

  test('makes nothing twice', async () => {
    const { id } = await seed();
    received.length = 0;
    expect(await seed()).toEqual({ id, waiting: [] });
    expect(requests()).toEqual(['GET /v1/lists?limit=1', `POST /v1/accounts/${id}/grants`]);
  });

  test('goes on under the same idempotency keys after a start that was interrupted', async () => {
    offered = ['data'];
    await seed();
    const keys = received.map(({ key }) => key);
    expect(settings().secrets.workspace?.seeded).toBe(false);
    received.length = 0;
    offered = ['data', 'words'];
    await seed();
    expect(keys).toEqual(expect.arrayContaining(received.slice(0, -1).map(({ key }) => key)));
    expect(settings().secrets.workspace?.seeded).toBe(true);
  });

  test('adds a column when its service has registered, and until then the others are there', async () => {
    offered = ['words'];
    refusals = { 'By words': 422 };
    const current = settings();
    const workspace = await ensureWorkspace(current);
    const waiting = await addColumns(current, workspace, await ensureSampleLists(current, workspace));
    // It names the column that waits.
    expect(waiting.map(({ name }) => name)).toEqual(['By data', 'By words']);
    refusals = {};
    offered = ['words', 'data'];
    received.length = 0;
    expect(await addColumns(current, workspace, waiting)).toEqual([]);
    expect(columnsMade()).toEqual(['By data', 'By words']);
    expect(said).toEqual([]);
  });

  test.each([
    ['is refused for good, and says so', 422, [expect.stringMatching(/^left out the sample column By words: .* 422/)]],
    ['is there already', 409, []],
    ['has no list any more', 404, []],
  ])('leaves out a column that %s', async (_, status, expected) => {
    refusals = { 'By words': status };
    expect((await seed()).waiting).toEqual([]);
    expect(said).toEqual(expected);
    expect(settings().secrets.workspace?.seeded).toBe(true);
  });

  test('makes a new workspace in a database that does not know the kept key', async () => {
    const { id } = await seed();
    refuseKeys = true;
    expect((await ensureWorkspace(settings())).id).not.toBe(id);
  });

  test('holds about fifty companies, each once', () => {
    expect(SAMPLE_COMPANIES.length).toBe(50);
    expect(new Set(SAMPLE_COMPANIES.map(({ domain }) => domain)).size).toBe(50);
    for (const { domain } of SAMPLE_COMPANIES) expect(domain).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });

  test('holds contacts of which no two have one address', () => {
    expect(new Set(SAMPLE_CONTACTS.map(({ email }) => email)).size).toBe(SAMPLE_CONTACTS.length);
  });
});
