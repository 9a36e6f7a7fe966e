import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestPool, startTestDatabase } from '@uno/testing';
import type { TestDatabase } from '@uno/testing';
import type pg from 'pg';

const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
/** Hold no data of any workspace, or are not ours. */
const SHARED_TABLES = ['service', 'service_key', 'rate_bucket', '_prisma_migrations'];

let server: TestDatabase;
let owner: pg.Pool;
let app: pg.Pool;
beforeAll(async () => {
  server = await startTestDatabase({ migrations, role: 'uno_app' });
  owner = openTestPool(server.adminUrl);
  app = openTestPool(server.url);
});
afterAll(async () => {
  await Promise.all([owner.end(), app.end()]);
  await server.stop();
});

interface ColumnRecord {
  readonly table_name: string;
  readonly column_name: string;
  readonly udt_name: string;
  readonly is_nullable: string;
}

async function columns(): Promise<ColumnRecord[]> {
  const found = await owner.query<ColumnRecord>(
    `select table_name, column_name, udt_name, is_nullable from information_schema.columns
     where table_schema = 'public' and table_name <> '_prisma_migrations' order by table_name, ordinal_position`,
  );
  return found.rows;
}

describe('row-level security', () => {
  test('shows the app nothing of any table without a workspace, and of each only what belongs to the one set', async () => {
    const tables = [...new Set((await columns()).map(({ table_name }) => table_name))];
    const ofTenants = tables.filter((table) => !SHARED_TABLES.includes(table));
    expect(ofTenants.length).toBeGreaterThanOrEqual(20);
    // Two workspaces with a row in every table: made up, so foreign keys must go.
    await dropForeignKeys();
    for (const table of ofTenants) {
      for (const workspace of ['ws_a', 'ws_b']) await insertRow(table, workspace);
    }
    for (const table of ofTenants) {
      const seen = async (workspace?: string): Promise<string[]> => {
        // The pool has one connection, so these statements follow each other on it.
        await app.query('begin');
        if (workspace !== undefined) await app.query(`select set_config('app.workspace', $1, true)`, [workspace]);
        const key = table === 'workspace' ? 'id' : 'workspace_id';
        const { rows } = await app.query<{ key: string }>(`select ${key} as key from ${table}`);
        await app.query('rollback');
        return [...new Set(rows.map((row) => row.key))];
      };
      expect([table, await seen()]).toEqual([table, []]);
      expect([table, await seen('')]).toEqual([table, []]);
      expect([table, await seen('ws_a')]).toEqual([table, ['ws_a']]);
    }
  });

  test('refuses rows of another workspace, and the app owns nothing that could pass it by', async () => {
    await app.query('begin');
    await app.query(`select set_config('app.workspace', 'ws_a', true)`);
    await expect(app.query(`insert into workspace (id, name) values ('ws_c', 'x')`)).rejects.toMatchObject({
      code: '42501',
    });
    await app.query('rollback');
    const { rows } = await app.query<{ owned: number; bypasses: boolean }>(
      `select (select count(*)::integer from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = current_user) as owned,
         (select rolbypassrls or rolsuper from pg_roles where rolname = current_user) as bypasses`,
    );
    expect(rows).toEqual([{ owned: 0, bypasses: false }]);
  });
});

async function dropForeignKeys(): Promise<void> {
  const { rows } = await owner.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  for (const { statement } of rows) await owner.query(statement);
}

/** A row with a value of its type in every column that needs one. */
async function insertRow(table: string, workspace: string): Promise<void> {
  const all = await owner.query<{ name: string; type: string; needed: boolean }>(
    `select column_name as name, udt_name as type, is_nullable = 'NO' and column_default is null and is_identity = 'NO' as needed
     from information_schema.columns where table_schema = 'public' and table_name = $1`,
    [table],
  );
  const checks = await owner.query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
    [table],
  );
  const needed = all.rows.filter((column) => column.needed);
  const values = needed.map(({ name, type }) => {
    if (name === 'workspace_id' || (table === 'workspace' && name === 'id')) return workspace;
    const allowed = checks.rows
      .map(({ text }) => new RegExp(`\\(${name} = ANY.*?'([^']+)'`).exec(text)?.[1])
      .find(Boolean);
    if (allowed !== undefined) return allowed === 'job' ? 'user' : allowed;
    if (type === '_text') return [];
    if (type === 'jsonb') return '{}';
    return ['int4', 'int8', 'float8'].includes(type) ? 1 : `${workspace}_1`;
  });
  const names = needed.map(({ name }) => name);
  const places = values.map((_, index) => `$${index + 1}`);
  await owner.query(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`, values);
}

describe('the Prisma schema', () => {
  const TYPES: Readonly<Record<string, string>> = {
    String: 'text',
    Int: 'int4',
    BigInt: 'int8',
    Float: 'float8',
    Boolean: 'bool',
    DateTime: 'timestamptz',
    Json: 'jsonb',
  };

  test('says every table and column that the migrations make, with type and nullability', async () => {
    const schema = readFileSync(new URL('../prisma/schema.prisma', import.meta.url), 'utf8');
    const described = [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) => {
      const table = /@@map\("(\w+)"\)/.exec(body)?.[1];
      return [...body.matchAll(/^ {2}(\w+) +(\w+)(\[\]|\?)?(.*)$/gm)].flatMap(
        ([, field, type = '', mark, rest = '']) => {
          const base = TYPES[type];
          if (base === undefined) return [];
          const name = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
          return [`${table}.${name} ${mark === '[]' ? `_${base}` : base}${mark === '?' ? '' : ' not null'}`];
        },
      );
    });
    const existing = (await columns()).map(
      (column) =>
        `${column.table_name}.${column.column_name} ${column.udt_name}${column.is_nullable === 'NO' ? ' not null' : ''}`,
    );
    expect(described.sort()).toEqual(existing.sort());
  });
});
