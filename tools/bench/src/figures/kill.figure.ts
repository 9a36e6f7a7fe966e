import { waitUntil } from '@uno/local-stack';
import type { Figure } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import type { BenchStack } from '../stack/bench-stack.js';
import { Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';

const CELLS = 10_000;
const CALL_MS = 100;
const TRIES = 20;
const KILLS_PER_JOB = 3;

export const killFigure: Figure = {
  name: 'kill',
  title: 'kill -9 of a worker to the next settled cell',
  how:
    `The only enrich worker is killed in jobs of ${CELLS.toLocaleString('en')} cells with calls of ${CALL_MS} ms, between 20 % and 80 % settled; the ` +
    'supervisor starts it again. By the database’s clock, from the kill to the first cell that is settled after it.',
  async measure(stack, { tries = TRIES, say }) {
    await new Sandbox(stack).answerAfter(CALL_MS);
    const workspace = await BenchWorkspace.create(stack);
    const times: number[] = [];
    while (times.length < tries) {
      const jobId = await workspace.fill(await workspace.companies(CELLS));
      for (let n = 0; n < KILLS_PER_JOB && times.length < tries; n++) {
        await workspace.settled(jobId, CELLS * (0.2 + (0.6 * n) / KILLS_PER_JOB));
        times.push(await killAndWait(stack, jobId));
        say(`try ${times.length}: ${times.at(-1)?.toFixed(0)} ms`);
      }
      await workspace.final(jobId);
    }
    const summary = summarize(times);
    const goal = { limit: 8_000, better: 'lower' } as const;
    return {
      results: [{ what: 'kill -9 to the next settled cell, maximum', goal, summary, judged: summary.max, unit: 'ms' }],
      notes: [],
    };
  },
};

async function killAndWait(stack: BenchStack, jobId: string): Promise<number> {
  const { database } = stack;
  process.kill(stack.pidOf('enrich-worker'), 'SIGKILL');
  // What the dead worker had sent may still be on its way through the API; the next settled cell is one after that.
  const { rows } = await database.query<{ now: Date }>(`select clock_timestamp() + interval '100 milliseconds' as now`);
  const killedAt = rows[0]?.now;
  return waitUntil(
    async () => {
      const next = await database.query<{ ms: number }>(
        `select 100 + 1000 * extract(epoch from min(created_at) - $2::timestamptz)::float8 as ms
         from cell_version where job_id = $1 and created_at > $2 having count(*) > 0`,
        [jobId, killedAt],
      );
      return next.rows[0]?.ms;
    },
    { timeoutMs: 120_000, intervalMs: 100, what: 'a cell to be settled after the kill' },
  );
}
