import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sql } from '../src/database/sql.js';
import { prepared } from '../src/database/sql.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
beforeAll(async () => {
  fixture = await jobFixture({ rows: 1, columns: 1 });
});
afterAll(() => fixture.stop());

const RENAME = prepared('update list set name = $3 where workspace_id = $1 and id = $2');

const rename = (sql: Sql, name: string): Promise<number> =>
  sql.run(RENAME, [fixture.workspaceId, fixture.listId, name]);

async function name(): Promise<string | undefined> {
  const [list] = await fixture.admin<{ name: string }>('select name from list where id = $1', [fixture.listId]);
  return list?.name;
}

const inWorkspace = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
  fixture.database.inWorkspace(fixture.workspaceId, work);

describe('a transaction', () => {
  test('runs statements that were issued together in their order, each seeing what the ones before it did', async () => {
    const [, seen] = await inWorkspace((sql) =>
      Promise.all([
        rename(sql, 'first'),
        sql.one<{ name: string }>('select name from list where id = $1', [fixture.listId]),
        rename(sql, 'second'),
      ]),
    );
    expect([seen.name, await name()]).toEqual(['first', 'second']);
  });

  test('writes nothing when one of the statements that were issued together fails, and says which', async () => {
    await inWorkspace((sql) => rename(sql, 'before'));
    const failing = inWorkspace((sql) => Promise.all([rename(sql, 'x'), sql.run('select 1 / 0'), rename(sql, 'y')]));
    await expect(failing).rejects.toThrow('division by zero');
    expect(await name()).toBe('before');
    // The statement is still known to the connection by its name.
    expect(await inWorkspace((sql) => rename(sql, 'after'))).toBe(1);
  });

  test('does not claim to be committed when a statement that nobody waited for failed', async () => {
    const unnoticed = inWorkspace(async (sql) => {
      sql.run('select 1 / 0').catch(() => undefined);
      return 'done';
    });
    await expect(unnoticed).rejects.toThrow('nothing was committed');
  });

  test('fails when its connection is cut while several statements are under way, and the next one works', async () => {
    const cut = inWorkspace((sql) =>
      Promise.all([rename(sql, 'cut'), sql.run('select pg_terminate_backend(pg_backend_pid())'), rename(sql, 'off')]),
    );
    await expect(cut).rejects.toThrow();
    expect(await name()).not.toBe('cut');
    expect(await inWorkspace((sql) => rename(sql, 'again'))).toBe(1);
  });
});
