import { join } from 'node:path';
import type { ColumnSet } from '../plan/columns.js';
import { drawPlan } from '../plan/draw-plan.js';
import type { FaultKind } from '../plan/run-plan.js';
import { type ExecutedRun, executeRun } from '../runs/execute-run.js';
import { type RunResult, wasHit } from '../runs/run-result.js';
import { REPOSITORY } from '../stack/stack-home.js';
import { startWorld, type World } from '../stack/world.js';
import { buildId } from './build-id.js';
import { keepFindings } from './keep-findings.js';
import { columnsOf, ResultsFile } from './results-file.js';

/** Small calls, few at a time: a list of a hundred companies fills for some seconds. A provider is given up after six. */
export const CAMPAIGN_SETTINGS = {
  ...{ ENRICH_CALLS_PER_PAGE: '3', SIGNALS_CALLS_PER_PAGE: '2', AI_CALLS_PER_PAGE: '6', CRM_CALLS_PER_PAGE: '2' },
  RETRY_BUDGET_SECONDS: '6',
} as const;

export interface CampaignOptions {
  /** Runs with a hit that the results of this seed shall hold in the end. */
  readonly runs: number;
  readonly seed: number;
  /** Goes on after the runs that the results hold already. */
  readonly resume: boolean;
  /** Goes on after a violation. */
  readonly keepGoing: boolean;
  readonly without: readonly FaultKind[];
  /** What the lists hold. */
  readonly columns: ColumnSet;
  /** Does this one run alone, again. */
  readonly only?: number;
  readonly out: string;
  readonly portBase: number;
  readonly say: (line: string) => void;
}

/**
 * Tries the stack run after run, each drawn from the seed and its number.
 *
 * @returns the number of runs with a violation.
 */
export async function runCampaign(options: CampaignOptions): Promise<number> {
  const { seed, out, say, columns } = options;
  const results = new ResultsFile(join(out, 'results.jsonl'));
  const earlier = results.read().filter((record) => record.seed === seed && columnsOf(record) === columns);
  if (earlier.length > 0 && !options.resume && options.only === undefined) {
    throw new Error(
      `${out} holds ${earlier.length} runs of seed ${seed} with ${columns} columns already: add --resume, or another --out`,
    );
  }
  let next = options.only ?? Math.max(0, ...earlier.map(({ run }) => run)) + 1;
  let counted = options.only === undefined ? earlier.filter(wasHit).length : 0;
  const wanted = options.only === undefined ? options.runs : 1;
  const build = buildId(REPOSITORY);
  const world = await startCampaignWorld(options);
  let violated = 0;
  try {
    for (; counted < wanted; next += 1) {
      const plan = drawPlan(seed, next, { set: columns, without: options.without });
      const run = await executeRun(world, plan);
      results.append({ ...run.result, ...{ seed, columns, run: next, build, at: new Date().toISOString() } });
      if (wasHit(run.result)) counted += 1;
      say(`${counted}/${wanted} ${summary(run.result)}`);
      if (run.result.violations.length > 0) {
        violated += 1;
        report(run, say);
        say(`  kept in ${keepFindings(out, { plan, run, home: world.stack.home })}`);
        if (!options.keepGoing) break;
      }
      if (options.only !== undefined) break;
    }
  } finally {
    await world.stop();
  }
  return violated;
}

/** The stack of campaigns: its state stays in the folder, so that later runs meet a database that has lived. */
function startCampaignWorld({ out, portBase }: Pick<CampaignOptions, 'out' | 'portBase'>): Promise<World> {
  return startWorld({ home: join(out, 'stack'), portBase, repository: REPOSITORY, env: CAMPAIGN_SETTINGS });
}

/** One line on a run. */
export function summary({ name, jobs, faults, actions, violations, tookMs }: RunResult): string {
  const hits = faults.map(({ fault, hit, step }) => {
    const what = 'target' in fault ? `${fault.kind} ${fault.target}` : fault.kind;
    return hit ? `${what} while ${step}` : `(${what})`;
  });
  const states = jobs.map(({ state, cells }) => `${state} of ${cells}`).join(', ');
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS`;
  return `${name}: ${states}; ${hits.join(', ')}; ${actions} edits; ${(tookMs / 1_000).toFixed(1)} s; ${verdict}`;
}

const SHOWN = 5;

function report({ result }: ExecutedRun, say: (line: string) => void): void {
  for (const { law, detail, jobId } of result.violations.slice(0, SHOWN)) say(`  ${law} ${jobId ?? ''}: ${detail}`);
}
