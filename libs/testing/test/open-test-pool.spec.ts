import { expect, test } from '@jest/globals';
import { openTestPool, startTestDatabase, waitUntil } from '../src/index.js';

test('a test pool outlives the loss of an idle connection', async () => {
  const database = await startTestDatabase({ role: 'uno_app' });
  const [pool, other] = [openTestPool(database.adminUrl), openTestPool(database.adminUrl)];
  const idle = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  await other.query('select pg_terminate_backend($1)', [idle.rows[0]?.pid]);
  await waitUntil(() => pool.totalCount === 0, { what: 'the pool to notice' });
  expect((await pool.query('select 1')).rowCount).toBe(1);
  await Promise.all([pool.end(), other.end()]);
  await database.stop();
});
