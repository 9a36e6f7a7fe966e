import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Global, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { startTestDatabase } from '@uno/testing';
import pg from 'pg';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { AuthModule } from '../src/auth/auth.module.js';
import { BillingClient } from '../src/billing/billing.client.js';
import { readConfig } from '../src/config/config.js';
import { Database } from '../src/database/database.js';
import { newId } from '../src/database/ids.js';
import { appendListEvent } from '../src/database/list-events.js';
import type { ListEvent } from '../src/database/list-events.js';
import type { Sql } from '../src/database/sql.js';
import { EventRetention } from '../src/live/event-retention.js';
import { LiveModule } from '../src/live/live.module.js';

/** A workspace with a key, and a list in it. */
export interface TestList {
  readonly workspaceId: string;
  readonly key: string;
  readonly listId: string;
  readonly rowIds: readonly string[];
  readonly columnIds: readonly string[];
}

export interface LiveServer {
  readonly database: Database;
  addList(size: { rows: number; columns: number }): Promise<TestList>;
  /** One transaction of changes with its list event. */
  change(list: TestList, event: ListEvent, work?: (sql: Sql) => Promise<unknown>): Promise<void>;
  connect(key: string): Socket;
  /** Moves the list's events two days into the past and forgets what is too old. */
  ageEvents(list: TestList): Promise<void>;
  stop(): Promise<void>;
}

/** The live gateway on a port of its own over a fresh, migrated database. */
export async function startLiveServer(billingUrl: string): Promise<LiveServer> {
  const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
  const testDatabase = await startTestDatabase({ migrations, role: 'uno_app' });
  const config = readConfig({
    DATABASE_URL: testDatabase.url,
    BILLING_URL: billingUrl,
    BILLING_KEY: 'none',
    OPERATOR_KEY: 'never-used-in-this-test',
  });
  const database = new Database(config);
  const billing = new BillingClient(config);

  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: database },
      { provide: BillingClient, useValue: billing },
    ],
    exports: [Database, BillingClient],
  })
  class TestDatabaseModule {}
  @Module({ imports: [TestDatabaseModule, AuthModule, LiveModule] })
  class LiveTestModule {}

  const app: INestApplication = await NestFactory.create(LiveTestModule, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const sockets: Socket[] = [];
  return {
    database,
    addList: (size) => addList(database, size),
    change: (list, event, work) =>
      database.inWorkspace(list.workspaceId, async (sql) => {
        await work?.(sql);
        await appendListEvent(sql, list.workspaceId, list.listId, event);
      }),
    connect: (key) => {
      const socket = io(`http://127.0.0.1:${port}/live`, { auth: { key }, forceNew: true, transports: ['websocket'] });
      sockets.push(socket);
      return socket;
    },
    ageEvents: async (list) => {
      const owner = new pg.Client({ connectionString: testDatabase.adminUrl });
      await owner.connect();
      await owner.query("update list_event set created_at = now() - interval '2 days' where list_id = $1", [
        list.listId,
      ]);
      await owner.end();
      await app.get(EventRetention).forget();
    },
    stop: async () => {
      for (const socket of sockets) socket.disconnect();
      await app.close();
      await testDatabase.stop();
    },
  };
}

async function addList(database: Database, { rows, columns }: { rows: number; columns: number }): Promise<TestList> {
  const workspaceId = newId('ws');
  const listId = newId('lst');
  const key = newId('key');
  const rowIds = Array.from({ length: rows }, () => newId('row'));
  const columnIds = Array.from({ length: columns }, () => newId('col'));
  await database.inWorkspace(workspaceId, async (sql) => {
    await sql.run('insert into workspace (id, name) values ($1, $1)', [workspaceId]);
    const hash = createHash('sha256').update(key).digest('hex');
    await sql.run('insert into api_key (workspace_id, id, name, hash) values ($1, $2, $2, $3)', [
      workspaceId,
      key,
      hash,
    ]);
    await sql.run(
      `insert into service (id, title, entity_types, returns, price, capabilities, task_queue, contract_version, inputs,
         config_schema, absent_after_seconds)
       values ('test', 'Test', '{company}', 'text', 1, '{}', 'test', 1, 'identity', '{}', 60) on conflict do nothing`,
    );
    await sql.run(`insert into list (workspace_id, id, name, entity_type) values ($1, $2, 'A list', 'company')`, [
      workspaceId,
      listId,
    ]);
    await sql.run('insert into list_sequence (workspace_id, list_id) values ($1, $2)', [workspaceId, listId]);
    await sql.run(
      `insert into list_row (workspace_id, list_id, id, row_no, entity)
       select $1, $2, id, no, jsonb_build_object('name', 'Company ' || no) from unnest($3::text[]) with ordinality as r (id, no)`,
      [workspaceId, listId, rowIds],
    );
    await sql.run(
      `insert into list_column (workspace_id, list_id, id, name, service_id, config, position)
       select $1, $2, id, 'Column ' || no, 'test', '{}', no from unnest($3::text[]) with ordinality as k (id, no)`,
      [workspaceId, listId, columnIds],
    );
  });
  return { workspaceId, key, listId, rowIds, columnIds };
}

/** Writes cells as if a user had edited them; does not append the event. */
export async function writeCells(
  sql: Sql,
  list: TestList,
  cells: readonly { rowId: string; columnId: string; status: string; value: unknown }[],
): Promise<void> {
  for (const { rowId, columnId, status, value } of cells) {
    await sql.run(
      `insert into cell (workspace_id, list_id, row_id, column_id, status, value, edited)
       values ($1, $2, $3, $4, $5, $6::jsonb, true)
       on conflict (workspace_id, row_id, column_id) do update set status = excluded.status, value = excluded.value`,
      [list.workspaceId, list.listId, rowId, columnId, status, JSON.stringify(value)],
    );
  }
}
