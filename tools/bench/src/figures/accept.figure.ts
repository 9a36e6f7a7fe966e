import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../report/figure.js';
import { quantile, summarize } from '../report/statistics.js';
import { Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';

const REQUESTS = 400;
const PER_SECOND = 20;
const WARM_UP = 40;
const LISTS = 20;

export const acceptFigure: Figure = {
  name: 'accept',
  title: 'Request to 202',
  how:
    `${REQUESTS} jobs of one cell each, ${PER_SECOND} a second over ${LISTS} lists, sent on time whether the one before was answered or not. ` +
    'The jobs run meanwhile; nothing else does.',
  async measure(stack, { tries = REQUESTS, say }) {
    await new Sandbox(stack).answerAfter(0);
    const workspace = await BenchWorkspace.create(stack);
    const lists = await Promise.all(
      Array.from({ length: LISTS }, async () => {
        const list = await workspace.companies(50);
        return { list, rowIds: await workspace.rowIds(list) };
      }),
    );
    const one = async (n: number): Promise<number> => {
      const { list, rowIds } = lists[n % LISTS] ?? { list: undefined, rowIds: [] };
      const rowId = rowIds[Math.floor(n / LISTS) % rowIds.length];
      if (!list || rowId === undefined) throw new Error('There is no list to fill');
      const from = performance.now();
      await workspace.fill(list, { type: 'rows', rowIds: [rowId] });
      return performance.now() - from;
    };
    const openLoop = async (count: number): Promise<number[]> => {
      const answers: Promise<number>[] = [];
      const begin = performance.now();
      for (let n = 0; n < count; n++) {
        await sleep(Math.max(0, begin + (1_000 * n) / PER_SECOND - performance.now()));
        answers.push(one(n));
      }
      return Promise.all(answers);
    };
    await openLoop(WARM_UP);
    await workspace.idle();
    const times = await openLoop(tries);
    say(`p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`);
    const summary = summarize(times);
    return {
      results: [
        { what: 'request to 202, p50', goal: { limit: 15, better: 'lower' }, summary, unit: 'ms' },
        {
          what: 'request to 202, p99',
          goal: { limit: 60, better: 'lower' },
          summary,
          judged: quantile(times, 0.99),
          unit: 'ms',
        },
      ],
      notes: [],
    };
  },
};
