import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { expectedCells, shownCells } from '../src/answers.js';
import { companies } from '../src/companies.js';
import { sandbox } from '../src/sandbox.js';
import { everythingHealthy, kill, processOf, restarted, signal } from '../src/stack-control.js';
import { withTemporal, workflowsOf } from '../src/temporal.js';
import type { Column, Job, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const ROWS = 20;

describe('a job that was accepted', () => {
  let workspace: Workspace;
  let list: UnoList;
  let columns: Column[];
  let stopped: number | undefined;

  beforeEach(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create('Accept', 1_000);
    ({ list, columns } = await workspace.companies(companies(ROWS), ['industry']));
  });
  afterEach(() => resumeTemporal());

  function stopTemporal(): void {
    stopped = processOf('temporal').pid;
    signal('temporal', 'SIGSTOP');
  }

  function resumeTemporal(): void {
    if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
    stopped = undefined;
  }

  /** It completes, once, with right values and closed books. */
  async function completesOnce(id: string): Promise<void> {
    expect(await workspace.finalJob(id)).toMatchObject({
      state: 'completed',
      totals: { cells: ROWS, open: 0, pending: 0 },
    });
    expect(await workspace.books(id)).toMatchObject({ closed: true, differences: [] });
    const rows = await workspace.rows(list.id);
    expect(shownCells(rows, columns)).toEqual(await expectedCells(rows, columns));
    const { items } = await workspace.send<{ items: Job[] }>('GET', `/v1/jobs?listId=${list.id}`);
    expect(items.map((job) => job.id)).toEqual([id]);
    await withTemporal(async (client) => {
      // The visibility store follows the histories in its own time.
      const runs = await waitUntil(
        async () => {
          const found = await workflowsOf(client, id);
          return found.length > 0 && found.every(({ status }) => status === 'COMPLETED') && found;
        },
        { what: `all workflows of job ${id} to be listed as completed` },
      );
      expect(runs.filter(({ workflowId }) => workflowId.startsWith('job:'))).toMatchObject([
        { workflowId: `job:${id}` },
      ]);
    });
  }

  test('completes although the API was killed between the commit and the start of its workflow', async () => {
    stopTemporal();
    const { id } = await workspace.fill(list.id, columns);
    const api = kill('api');
    await restarted(api);
    expect(await workspace.job(id)).toMatchObject({ state: 'accepted' });
    resumeTemporal();
    await completesOnce(id);
  });

  test('completes although the API was killed right after its answer', async () => {
    const { id } = await workspace.fill(list.id, columns);
    await restarted(kill('api'));
    await completesOnce(id);
  });

  test('completes although Temporal stood still when it was accepted', async () => {
    stopTemporal();
    const { id } = await workspace.fill(list.id, columns);
    expect(await workspace.job(id)).toMatchObject({ state: 'accepted', totals: { open: ROWS } });
    resumeTemporal();
    await completesOnce(id);
  });

  test('completes although Temporal was killed just before', async () => {
    const temporal = kill('temporal');
    const { id } = await workspace.fill(list.id, columns);
    await restarted(temporal);
    await completesOnce(id);
  });

  test('is one job and one workflow for twenty concurrent requests with one idempotency key', async () => {
    const idempotencyKey = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => workspace.startFill(list.id, columns, { idempotencyKey })),
    );
    const accepted = replies.filter(({ status }) => status === 202).map(({ body }) => (body as Job).id);
    const refused = replies.filter(({ status }) => status !== 202);
    expect(new Set(accepted).size).toBe(1);
    for (const { status, body } of refused) {
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    }
    const [id = ''] = accepted;
    expect(await workspace.startFill(list.id, columns, { idempotencyKey })).toMatchObject({
      status: 202,
      body: { id },
    });
    expect(await workspace.startFill(list.id, columns, { idempotencyKey, scope: { type: 'missing' } })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    await completesOnce(id);
  });
});
