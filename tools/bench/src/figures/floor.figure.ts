import { Client, Connection } from '@temporalio/client';
import { RECONCILE_SCHEDULE_ID } from '@uno/workflow-contracts';
import { fillWithoutEngine } from '../floor/fill-without-engine.js';
import { loadProductCode, type ProductCode } from '../floor/product-code.js';
import type { Figure, MeasureOptions, Measurement } from '../report/figure.js';
import { summarize } from '../report/statistics.js';
import { type BenchStack, CALLS_AT_A_TIME } from '../stack/bench-stack.js';
import { cpuSecondsOf } from '../stack/cpu-seconds.js';
import { Sandbox } from '../stack/sandbox.js';
import { BenchWorkspace } from '../stack/workspace.js';

const CELLS = 20_000;
const TRIES = 5;
const LOOKUPS_OF_A_BULK_CALL = 25;
/** As many as one process of the product has. */
const CONNECTIONS = 20;

interface Run {
  readonly cellsPerSecond: number;
  /** CPU seconds by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

export const floorFigure: Figure = {
  name: 'floor',
  title: 'Cells per second against the no-engine floor',
  how:
    `A job of ${CELLS.toLocaleString('en')} cells, providers that answer at once, one look-up a call, ${CALLS_AT_A_TIME} calls at a ` +
    'time, from accepted to final. The floor is one plain Node process that runs the same transactions, calls and captures ' +
    'against the same servers, without Temporal and without HTTP between worker and API. Product and floor in turns.',
  measure: (stack, options) => againstFloor(stack, options, { lookupsPerCall: 1, calls: 'single calls' }),
};

/** With calls of one look-up the calls weigh most, and they are the same on both sides. */
export const floorInBulkFigure: Figure = {
  name: 'floor-bulk',
  title: 'The same with bulk calls',
  how: `As before with ${LOOKUPS_OF_A_BULK_CALL} look-ups a call, which is the default: little is left but what the product itself does.`,
  settings: { ENRICH_LOOKUPS_PER_CALL: `${LOOKUPS_OF_A_BULK_CALL}` },
  measure: (stack, options) =>
    againstFloor(stack, options, { lookupsPerCall: LOOKUPS_OF_A_BULK_CALL, calls: 'bulk calls' }),
};

async function againstFloor(
  stack: BenchStack,
  { tries = TRIES, say }: MeasureOptions,
  { lookupsPerCall, calls }: { readonly lookupsPerCall: number; readonly calls: string },
): Promise<Measurement> {
  await new Sandbox(stack).answerAfter(0);
  await withoutReconciler(stack);
  const product = await loadProductCode(stack.credentials, { connections: CONNECTIONS, lookupsPerCall });
  const workspace = await BenchWorkspace.create(stack);
  const withEngine = (): Promise<Run> => run(stack, workspace, (list) => workspace.fill(list));
  const without = (): Promise<Run> => run(stack, workspace, floorOf(product, workspace));
  const ours: Run[] = [];
  const floor: Run[] = [];
  try {
    say('warming up');
    await withEngine();
    await without();
    for (let n = 0; n < tries; n++) {
      // Who goes first changes, so that what the machine does meanwhile hits both alike.
      for (const which of n % 2 === 0 ? ['ours', 'floor'] : ['floor', 'ours']) {
        if (which === 'ours') ours.push(await withEngine());
        else floor.push(await without());
      }
      say(`try ${n + 1}: ${rate(ours.at(-1))} cells/s, floor ${rate(floor.at(-1))} cells/s`);
    }
  } finally {
    await product.money.database.onModuleDestroy();
  }
  const ratios = ours.map(({ cellsPerSecond }, n) => cellsPerSecond / (floor[n]?.cellsPerSecond ?? Number.NaN));
  return {
    results: [
      {
        what: `product ÷ floor, ${calls}`,
        goal: { limit: 0.5, better: 'higher' },
        summary: summarize(ratios),
        unit: '',
      },
      { what: `product, ${calls}`, summary: summarize(ours.map((one) => one.cellsPerSecond)), unit: 'cells/s' },
      { what: `floor, ${calls}`, summary: summarize(floor.map((one) => one.cellsPerSecond)), unit: 'cells/s' },
    ],
    notes: [`CPU seconds per 10,000 cells: product ${cpuOf(ours)}; floor ${cpuOf(floor)}.`],
  };
}

/** It would take the floor's job, which has no workflow, for one that lost it. */
async function withoutReconciler({ credentials }: BenchStack): Promise<void> {
  const connection = await Connection.connect({ address: credentials.temporalAddress });
  const { schedule } = new Client({ connection });
  await schedule.getHandle(RECONCILE_SCHEDULE_ID).pause('The floor has jobs without workflows');
  await connection.close();
}

function floorOf(product: ProductCode, { id: workspaceId }: BenchWorkspace) {
  return (list: Awaited<ReturnType<BenchWorkspace['companies']>>): Promise<string> =>
    fillWithoutEngine(product, { workspaceId, list, calls: CALLS_AT_A_TIME });
}

async function run(
  stack: BenchStack,
  workspace: BenchWorkspace,
  fill: (list: Awaited<ReturnType<BenchWorkspace['companies']>>) => Promise<string>,
): Promise<Run> {
  const list = await workspace.companies(CELLS);
  const before = cpuByProcess(stack);
  const { ms, cells } = await workspace.final(await fill(list));
  const after = cpuByProcess(stack);
  const cpu = new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
  return { cellsPerSecond: (1_000 * cells) / ms, cpu };
}

function cpuByProcess(stack: BenchStack): Map<string, number> {
  const processes = stack.processes().flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid] as const]));
  const own = process.cpuUsage();
  return new Map([
    ...processes.map(([name, pid]) => [name, cpuSecondsOf(pid)] as const),
    ['this process', (own.user + own.system) / 1e6] as const,
  ]);
}

function cpuOf(runs: readonly Run[]): string {
  const names = [...(runs[0]?.cpu.keys() ?? [])];
  const per10k = (name: string): number =>
    (summarize(runs.map(({ cpu }) => cpu.get(name) ?? 0)).median * 10_000) / CELLS;
  const parts = names.map((name) => `${name} ${per10k(name).toFixed(2)}`);
  const total = names.reduce((sum, name) => sum + per10k(name), 0);
  return `${total.toFixed(2)} (${parts.join(', ')})`;
}

const rate = (one: Run | undefined): string => (one?.cellsPerSecond ?? 0).toFixed(0);
