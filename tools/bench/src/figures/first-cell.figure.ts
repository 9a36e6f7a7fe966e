import { connectLive, type LiveSocket } from '@uno/api-client';
import type { Figure } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import { Sandbox } from '../stack/sandbox.js';
import { type BenchList, BenchWorkspace } from '../stack/workspace.js';

const ROWS = 50;
const CALL_MS = 100;
const TRIES = 20;

export const firstCellFigure: Figure = {
  name: 'first-cell',
  title: 'Request to the first cell at a live client',
  how:
    `A list of ${ROWS} companies that a live client watches; from sending the request to the first filled cell that arrives, less the ` +
    `${CALL_MS} ms of each call that this cell took. Each try is a list of its own.`,
  async measure(stack, { tries = TRIES, say }) {
    await new Sandbox(stack).answerAfter(CALL_MS);
    const workspace = await BenchWorkspace.create(stack);
    const times: number[] = [];
    for (let n = -1; n < tries; n++) {
      const list = await workspace.companies(ROWS);
      const socket = connectLive({ url: stack.credentials.url, apiKey: workspace.apiKey });
      try {
        const ms = await timeToFirstCell(workspace, socket, list);
        // The first one warms up.
        if (n >= 0) times.push(ms);
      } finally {
        socket.disconnect();
      }
      await workspace.idle();
    }
    const summary = summarize(times);
    say(`median ${summary.median.toFixed(0)} ms`);
    const goal = { limit: 250, better: 'lower' } as const;
    return { results: [{ what: 'request to first cell, less the calls', goal, summary, unit: 'ms' }], notes: [] };
  },
};

async function timeToFirstCell(workspace: BenchWorkspace, socket: LiveSocket, list: BenchList): Promise<number> {
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const snapshot = new Promise<void>((resolve) => socket.once('snapshot', () => resolve()));
  socket.emit('subscribe', { listId: list.id, window: { from: 0, count: ROWS } });
  await snapshot;
  const arrived = new Promise<{ rowId: string; at: number }>((resolve) => {
    socket.on('delta', ({ cells }) => {
      const filled = cells.find(({ status }) => status === 'filled');
      if (filled) resolve({ rowId: filled.rowId, at: performance.now() });
    });
  });
  const sentAt = performance.now();
  const jobId = await workspace.fill(list);
  const { rowId, at } = await arrived;
  await workspace.final(jobId);
  return at - sentAt - CALL_MS * (await workspace.callsFor(rowId));
}
