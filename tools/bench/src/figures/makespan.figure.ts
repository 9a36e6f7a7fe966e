import type { Figure } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import { CALLS_AT_A_TIME } from '../stack/bench-stack.js';
import { type LoggedCall, Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';
import { idealScheduleMs, mostAtATime } from './ideal-schedule.js';

const CELLS = 10_000;
const CALL_MS = 100;
const TRIES = 3;

export const makespanFigure: Figure = {
  name: 'makespan',
  title: 'Makespan against the ideal schedule',
  how:
    `A job of ${CELLS.toLocaleString('en')} cells, every call to a provider takes ${CALL_MS} ms, ${CALLS_AT_A_TIME} at a time, from accepted to ` +
    'final. The ideal is the shortest schedule of the very calls that the sandbox logged: a row asks its second provider ' +
    'only after the first did not know. One such job before the first try warms the processes up.',
  async measure(stack, { tries = TRIES, say }) {
    const sandbox = new Sandbox(stack);
    await sandbox.answerAfter(CALL_MS);
    const workspace = await BenchWorkspace.create(stack);
    say('One job unmeasured, to warm up.');
    await workspace.final(await workspace.fill(await workspace.companies(CELLS)));
    const ratios: number[] = [];
    const notes: string[] = [];
    for (let n = 0; n < tries; n++) {
      const list = await workspace.companies(CELLS);
      await sandbox.newCalls();
      const { ms } = await workspace.final(await workspace.fill(list));
      const calls = await sandbox.newCalls();
      const ideal = idealScheduleMs(callsOfRows(calls), CALLS_AT_A_TIME, CALL_MS);
      ratios.push(ms / ideal);
      const most = mostAtATime(
        calls.map(({ at }) => Date.parse(at)),
        CALL_MS,
      );
      notes.push(
        `${calls.length} calls, ideal ${ideal} ms, took ${ms.toFixed(0)} ms, at most ${most} calls at a time.`,
      );
      say(notes.at(-1) ?? '');
    }
    const summary = summarize(ratios);
    return {
      results: [{ what: 'makespan ÷ ideal', goal: { limit: 1.15, better: 'lower' }, summary, unit: '' }],
      notes,
    };
  },
};

/** How many calls each row took; with one look-up a call, rows are told apart by their key. */
function callsOfRows(calls: readonly LoggedCall[]): number[] {
  const byKey = new Map<string | null, number>();
  for (const { key } of calls) byKey.set(key, (byKey.get(key) ?? 0) + 1);
  return [...byKey.values()];
}
