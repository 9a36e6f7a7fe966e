import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ServiceRegistration } from '@uno/workflow-contracts';
import { openTestPool, startTestDatabase } from '@uno/testing';
import type pg from 'pg';
import { ApiModule } from '../src/api.module.js';
import { configureApi } from '../src/configure-api.js';
import { Database } from '../src/database/database.js';

export const OPERATOR_KEY = 'operator-key-of-this-test';
export const SERVICE_KEY = 'service-key-of-this-test';

/** Answer of the API, its body parsed where it is JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test reads from a reply is asserted, not typed
  readonly body: any;
}

export interface CallOptions {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}

export interface ApiFixture {
  readonly url: string;
  readonly app: INestApplication;
  readonly database: Database;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** A new workspace; answers its key. */
  workspace(): Promise<{ id: string; apiKey: string }>;
  /** A list of companies with an identity and so many rows. */
  list(key: string, rows?: number): Promise<{ listId: string; rowIds: string[] }>;
  admin<Row extends pg.QueryResultRow>(text: string, params?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export const TEST_SERVICE: ServiceRegistration = {
  id: 'lookup',
  title: 'Look-up',
  entityTypes: ['company'],
  returns: 'text',
  price: 1,
  capabilities: { batch: false, revert: false, approval: false },
  taskQueue: 'lookup',
  contractVersion: 1,
  inputs: 'identity',
  configSchema: {
    type: 'object',
    properties: { attribute: { type: 'string', enum: ['industry', 'city'], 'x-uno-hint': 'choice' } },
    required: ['attribute'],
    additionalProperties: false,
  },
  absentAfterSeconds: 60,
};

/** The whole API over HTTP on a fresh database as the app's role, with a small billing that knows one account. */
export async function startApi({
  databasePort,
}: { databasePort?: (real: number) => Promise<number> } = {}): Promise<ApiFixture> {
  const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
  const testDatabase = await startTestDatabase({ migrations, role: 'uno_app' });
  const billing = await startBilling();
  const databaseUrl = new URL(testDatabase.url);
  if (databasePort) databaseUrl.port = String(await databasePort(Number(databaseUrl.port)));
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl.href,
    BILLING_URL: urlOf(billing),
    BILLING_KEY: 'billing-key',
    OPERATOR_KEY,
    // Nobody listens there: what these routes do must not need Temporal.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  const app = await NestFactory.create<NestExpressApplication>(ApiModule, { logger: false, bodyParser: false });
  configureApi(app);
  await app.listen(0, '127.0.0.1');
  const url = urlOf(app.getHttpServer() as Server);
  const admin = openTestPool(testDatabase.adminUrl, 2);
  const call: ApiFixture['call'] = (method, path, options = {}) => send(url, method, path, options);
  const fixture: ApiFixture = {
    url,
    app,
    database: app.get(Database),
    call,
    workspace: async () => {
      const reply = await call('POST', '/internal/v1/workspaces', { key: OPERATOR_KEY, body: { name: 'Test' } });
      return reply.body as { id: string; apiKey: string };
    },
    list: async (key, rows = 0) => {
      const list = await call('POST', '/v1/lists', {
        key,
        body: { name: 'Companies', entityType: 'company', identity: { name: 'name' } },
      });
      const listId: string = list.body.id;
      if (rows === 0) return { listId, rowIds: [] };
      const entities = Array.from({ length: rows }, (_, no) => ({ entity: { name: `Company ${no}` } }));
      const added = await call('POST', `/v1/lists/${listId}/rows`, { key, body: { rows: entities } });
      return { listId, rowIds: added.body.items.map((row: { id: string }) => row.id) };
    },
    admin: async (text, params) => (await admin.query(text, params)).rows,
    stop: async () => {
      await app.close();
      await admin.end();
      billing.close();
      await testDatabase.stop();
    },
  };
  await call('PUT', `/internal/v1/services/${TEST_SERVICE.id}/key`, { key: OPERATOR_KEY, body: { key: SERVICE_KEY } });
  await call('PUT', `/internal/v1/services/${TEST_SERVICE.id}`, { key: SERVICE_KEY, body: TEST_SERVICE });
  return fixture;
}

async function send(url: string, method: string, path: string, options: CallOptions): Promise<Reply> {
  const { key, body, headers, raw } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(raw !== undefined && { body: raw }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Billing's reading routes, the same for every account; it knows of no hold. */
async function startBilling(): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.url?.includes('/holds')
      ? { items: [], nextCursor: null }
      : request.url?.includes('/entries')
        ? {
            items: [{ id: '7', at: '2026-01-01T00:00:00.000Z', kind: 'capture', amount: 2, jobId: 'job_1', pageNo: 3 }],
            nextCursor: null,
          }
        : { id: 'account', granted: 10, available: 7, held: 1, spent: 2 };
    // The checker finds nothing to read, as of an account that never was.
    if (request.url?.includes('/audit/')) response.statusCode = 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(known));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
