import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureSampleList, ensureWorkspace, registerServiceKeys } from '../src/seed/seed.js';
import { SAMPLE_COMPANIES } from '../src/seed/sample-companies.js';
import { stackHome } from '../src/stack/home.js';
import { type StackSettings, stackSettings } from '../src/stack/settings.js';
import { temporaryDirectory } from './support/temporary-directory.js';

interface Recorded {
  readonly request: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

describe('the seed', () => {
  const received: Recorded[] = [];
  let server: Server;
  let directory: string;
  let refuseKeys: boolean;

  beforeEach(async () => {
    received.length = 0;
    refuseKeys = false;
    directory = await temporaryDirectory();
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const key = request.headers['idempotency-key'];
        received.push({ request: `${request.method} ${request.url}`, key: key as string | undefined, body });
        if (refuseKeys && request.method === 'GET') response.statusCode = 401;
        const service = { id: 'enrich' };
        response.end(JSON.stringify({ id: `id-${received.length}`, apiKey: 'a-key', items: [service] }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  /** Settings as a new start reads them, aimed at the recording server. */
  function settings(): StackSettings {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { ...stackSettings({}, stackHome(directory)), url, billingUrl: url };
  }

  async function seed(): Promise<string> {
    const current = settings();
    await registerServiceKeys(current);
    const workspace = await ensureWorkspace(current);
    await ensureSampleList(current, workspace);
    return workspace.id;
  }

  test('makes a workspace with credits and a list of companies with one column', async () => {
    const id = await seed();
    expect(received.map(({ request }) => request)).toEqual([
      'PUT /internal/v1/services/enrich/key',
      'POST /internal/v1/workspaces',
      `POST /v1/accounts/${id}/grants`,
      'POST /v1/lists',
      'POST /v1/lists/id-4/rows',
      'GET /v1/services',
      'POST /v1/lists/id-4/columns',
    ]);
    expect(received[2]).toMatchObject({ key: `grant:demo:${id}`, body: { amount: 100_000 } });
    expect(received[6]?.body).toEqual({ name: 'Industry', service: 'enrich', config: { attribute: 'industry' } });
  });

  test('makes nothing twice', async () => {
    const id = await seed();
    received.length = 0;
    expect(await seed()).toBe(id);
    expect(received.map(({ request }) => request)).toEqual([
      'PUT /internal/v1/services/enrich/key',
      'GET /v1/lists?limit=1',
      `POST /v1/accounts/${id}/grants`,
    ]);
  });

  test('goes on under the same idempotency keys after a start that was interrupted', async () => {
    const first = settings();
    await ensureSampleList(first, await ensureWorkspace(first));
    const keys = received.map(({ key }) => key);
    const { workspace, ...others } = settings().secrets;
    expect(workspace?.seeded).toBe(true);
    received.length = 0;
    await ensureSampleList(
      { ...first, secrets: others },
      { ...workspace, id: workspace?.id ?? '', apiKey: 'a-key', seeded: false },
    );
    expect(keys).toEqual(expect.arrayContaining(received.map(({ key }) => key)));
  });

  test('makes a new workspace in a database that does not know the kept key', async () => {
    const id = await seed();
    refuseKeys = true;
    const current = settings();
    expect((await ensureWorkspace(current)).id).not.toBe(id);
  });

  test('holds about fifty companies, each once', () => {
    expect(SAMPLE_COMPANIES.length).toBe(50);
    expect(new Set(SAMPLE_COMPANIES.map(({ domain }) => domain)).size).toBe(50);
    for (const { domain } of SAMPLE_COMPANIES) expect(domain).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });
});
