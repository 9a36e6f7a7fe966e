import { Client, Connection } from '@temporalio/client';
import type { Figure } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import { Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';

const SIZES = [10_000, 20_000];

interface Histories {
  readonly workflows: number;
  readonly events: number;
  readonly bytes: number;
}

export const eventsFigure: Figure = {
  name: 'events',
  title: 'Temporal events and history per 1,000 cells',
  how: 'Over the whole tree of a job: its workflow, segments and the children of its pages, as the server counts them.',
  async measure(stack, { say }) {
    await new Sandbox(stack).answerAfter(0);
    const workspace = await BenchWorkspace.create(stack);
    const connection = await Connection.connect({ address: stack.credentials.temporalAddress });
    const client = new Client({ connection });
    const results = [];
    const notes = [];
    try {
      for (const cells of SIZES) {
        const job = await workspace.final(await workspace.fill(await workspace.companies(cells)));
        const tree = await historiesBelow(client, `job:${job.id}`);
        say(`${cells} cells: ${tree.workflows} workflows, ${tree.events} events, ${tree.bytes} bytes`);
        const size = `${cells.toLocaleString('en')} cells`;
        const events = summarize([(1_000 * tree.events) / cells]);
        const kilobytes = summarize([tree.bytes / cells]);
        results.push(
          { what: `events, ${size}`, goal: { limit: 40, better: 'lower' as const }, summary: events, unit: '' },
          { what: `history, ${size}`, goal: { limit: 16, better: 'lower' as const }, summary: kilobytes, unit: 'KB' },
        );
        notes.push(`${size}: ${tree.workflows} workflows with ${tree.events} events together.`);
      }
    } finally {
      await connection.close();
    }
    return { results, notes };
  },
};

/** A workflow and all that it started, from their histories. */
async function historiesBelow(client: Client, workflowId: string): Promise<Histories> {
  const handle = client.workflow.getHandle(workflowId);
  const { historyLength, historySize } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const children = (events ?? []).flatMap(
    (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? [],
  );
  const below = await Promise.all(children.map((id) => historiesBelow(client, id)));
  return {
    workflows: below.reduce((sum, child) => sum + child.workflows, 1),
    events: below.reduce((sum, child) => sum + child.events, historyLength),
    bytes: below.reduce((sum, child) => sum + child.bytes, historySize ?? 0),
  };
}
