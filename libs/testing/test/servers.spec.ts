import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startTestDatabase, testTemporal } from '../src/index.js';

describe('a test database', () => {
  let migrations: string;

  beforeAll(async () => {
    migrations = await mkdtemp(join(tmpdir(), 'uno-migrations-'));
    await mkdir(join(migrations, '1_notes'));
    const sql = 'create table note (body text); grant select, insert on note to notes_app;';
    await writeFile(join(migrations, '1_notes', 'migration.sql'), sql);
  });

  afterAll(() => rm(migrations, { recursive: true }));

  async function query(url: string, sql: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }

  test('is migrated, and its role may use the tables but owns none', async () => {
    const database = await startTestDatabase({ migrations, role: 'notes_app' });
    await query(database.url, `insert into note values ('kept')`);
    await expect(query(database.url, 'drop table note')).rejects.toThrow('must be owner');
    expect((await query(database.adminUrl, 'select body from note')).rows).toEqual([{ body: 'kept' }]);
    await database.stop();
  });

  test('is another one for each caller, also when they ask at the same time', async () => {
    const databases = await Promise.all([1, 2, 3].map(() => startTestDatabase({ migrations, role: 'notes_app' })));
    await query(databases[0]?.url ?? '', `insert into note values ('mine')`);
    expect((await query(databases[1]?.url ?? '', 'select * from note')).rows).toEqual([]);
    await Promise.all(databases.map((database) => database.stop()));
    await expect(query(databases[0]?.url ?? '', 'select 1')).rejects.toThrow('does not exist');
  });
});

describe('the shared Temporal server', () => {
  test('answers, and gives each test queues of its own', async () => {
    const temporal = await testTemporal();
    const { namespaceInfo } = await temporal.client.workflowService.describeNamespace({
      namespace: temporal.namespace,
    });
    expect(namespaceInfo?.name).toBe('default');
    expect(temporal.uniqueQueue('enrich')).not.toBe(temporal.uniqueQueue('enrich'));
    await temporal.close();
  });
});
