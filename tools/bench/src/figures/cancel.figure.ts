import { waitUntil } from '@uno/local-stack';
import pg from 'pg';
import type { Figure } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import type { BenchStack } from '../stack/bench-stack.js';
import { Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';

const CELLS = 10_000;
const CALL_MS = 100;
const TRIES = 20;
const POLL_MS = 10;

export const cancelFigure: Figure = {
  name: 'cancel',
  title: 'Cancel acknowledged to nothing pending and hold closed',
  how:
    `A job of ${CELLS.toLocaleString('en')} cells with calls of ${CALL_MS} ms is cancelled when between a tenth and a half of it is settled. Both ` +
    'databases are asked until no cell of the job is pending and its hold has ended; then the job must end as cancelled, books closed.',
  async measure(stack, { tries = TRIES, say }) {
    await new Sandbox(stack).answerAfter(CALL_MS);
    const workspace = await BenchWorkspace.create(stack);
    const billing = new pg.Pool({ connectionString: stack.credentials.billingDatabaseUrl, max: 1 });
    // Cancelled cells are what they were before, so one list serves all tries.
    const list = await workspace.companies(CELLS);
    const times: number[] = [];
    try {
      for (let n = 0; n < tries; n++) {
        const jobId = await workspace.fill(list);
        await workspace.settled(jobId, CELLS * (0.1 + (0.4 * n) / tries));
        await workspace.control(jobId, 'cancel');
        const acknowledgedAt = performance.now();
        await waitUntil(() => nothingIsLeft(stack, billing, jobId), { timeoutMs: 120_000, intervalMs: POLL_MS });
        times.push(performance.now() - acknowledgedAt);
        await workspace.final(jobId, 'cancelled');
        say(`try ${n + 1}: ${times.at(-1)?.toFixed(0)} ms`);
      }
    } finally {
      await billing.end();
    }
    const summary = summarize(times);
    const goal = { limit: 2_000, better: 'lower' } as const;
    return {
      results: [
        { what: 'cancel to nothing pending and hold closed, maximum', goal, summary, judged: summary.max, unit: 'ms' },
      ],
      notes: [],
    };
  },
};

async function nothingIsLeft({ database }: BenchStack, billing: pg.Pool, jobId: string): Promise<boolean> {
  const pending = await database.query(`select 1 from cell where job_id = $1 and status = 'pending' limit 1`, [jobId]);
  if (pending.rowCount !== 0) return false;
  const open = await billing.query(`select 1 from hold where reference = $1 and state = 'open' limit 1`, [jobId]);
  return open.rowCount === 0;
}
