import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { expectedCells, shownCells } from '../src/answers.js';
import { companies } from '../src/companies.js';
import { type LoggedLookUp, PROVIDERS, sandbox } from '../src/sandbox.js';
import { everythingHealthy, kill, restarted } from '../src/stack-control.js';
import { STACK_SETTINGS } from '../src/stack-home.js';
import { settledShare, Workspace } from '../src/workspace.js';

const ROWS = 180;
const CREDITS = 1_000;
const LATENCY_MS = 350;
/** Pages that may be open side by side in a job of this size. */
const PAGES = 2;
/** A chunk that is interrupted while it asks the second provider repeats its call of the first one too. */
const CALLS_IN_FLIGHT = PAGES * Number(STACK_SETTINGS.ENRICH_CALLS_PER_PAGE) * PROVIDERS.length;

describe('a process that is killed in the middle of a job', () => {
  beforeEach(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    await sandbox.latency(LATENCY_MS, 2 * LATENCY_MS);
  });
  afterAll(() => sandbox.reset(1));

  test.each(['enrich-worker', 'orchestrator-worker', 'api'])(
    '%s: is started again, and the job completes with right values, closed books and nothing paid twice',
    async (name) => {
      const workspace = await Workspace.create(`Kill ${name}`, CREDITS);
      const { list, columns } = await workspace.companies(companies(ROWS), ['industry', 'employees']);
      const mark = await sandbox.mark();
      const { id } = await workspace.fill(list.id, columns);

      const inTheMiddle = await workspace.jobWhen(id, 'to have 25 % settled', (job) => settledShare(job) >= 0.25);
      const before = kill(name);
      expect(settledShare(inTheMiddle)).toBeLessThan(0.8);
      const after = await restarted(before);
      expect(after.pid).not.toBe(before.pid);
      expect(after.restarts).toBe(before.restarts + 1);

      const job = await workspace.finalJob(id);
      expect(job).toMatchObject({ state: 'completed', totals: { cells: 2 * ROWS, open: 0, pending: 0, error: 0 } });
      expect(await workspace.books(id)).toMatchObject({ closed: true, differences: [] });

      const holds = await workspace.holds(id);
      const captured = holds.flatMap(({ captures }) => captures.flatMap(({ cellVersionIds }) => cellVersionIds));
      expect(captured).toHaveLength(new Set(captured).size);
      expect(captured).toHaveLength(job.totals.filled);
      expect(await workspace.credits()).toMatchObject({
        available: CREDITS - job.totals.filled,
        held: 0,
        spent: job.totals.filled,
      });

      const rows = await workspace.rows(list.id);
      expect(shownCells(rows, columns)).toEqual(await expectedCells(rows, columns));
      expect(callsThatRepeat(await sandbox.lookUpsSince(mark)).size).toBeLessThanOrEqual(CALLS_IN_FLIGHT);
    },
  );
});

/** Calls that asked a provider for a company that an earlier call had asked for. */
function callsThatRepeat(lookUps: readonly LoggedLookUp[]): Set<string> {
  const asked = new Set<string>();
  const repeats = new Set<string>();
  for (const { provider, key, callId } of lookUps) {
    const question = `${provider} ${key}`;
    if (asked.has(question)) repeats.add(callId);
    asked.add(question);
  }
  return repeats;
}
