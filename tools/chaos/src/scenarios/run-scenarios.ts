import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildId } from '../campaign/build-id.js';
import { summary } from '../campaign/campaign.js';
import { keepFindings } from '../campaign/keep-findings.js';
import { executeRun } from '../runs/execute-run.js';
import type { RunResult } from '../runs/run-result.js';
import { REPOSITORY } from '../stack/stack-home.js';
import { startWorld } from '../stack/world.js';
import { SCENARIOS } from './scenarios.js';

/**
 * Small calls, few at a time: between 20 and 80 % there is time for a fault. A model may be asked more often than by the default,
 * at which a thousand cells take two minutes: longer than a job may take once all is healed.
 */
const SETTINGS = { ENRICH_CALLS_PER_PAGE: '4', OPENAI_REQUESTS_PER_SECOND: '40' } as const;

export interface ScenarioOptions {
  /** Names of scenarios, or `all`. */
  readonly names: readonly string[];
  readonly out: string;
  readonly portBase: number;
  readonly say: (line: string) => void;
}

/** How a scenario ended when it was run last, for the report. */
export interface ScenarioRecord {
  readonly name: string;
  readonly build: string;
  readonly state: string;
  /** Settled share of the cells when each fault hit. */
  readonly settled: readonly number[];
  readonly tookMs: number;
  readonly complaints: readonly string[];
}

/**
 * Runs fixed cases one after another.
 *
 * @returns the number of those that did not end as they must.
 * @throws for a name that no scenario has.
 */
export async function runScenarios({ names, out, portBase, say }: ScenarioOptions): Promise<number> {
  const unknown = names.filter((name) => name !== 'all' && !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `No scenario ${unknown.join(', ')}; there are: all, ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    );
  }
  const chosen = SCENARIOS.filter(({ name }) => names.includes('all') || names.includes(name));
  const world = await startWorld({ home: join(out, 'stack'), portBase, repository: REPOSITORY, env: SETTINGS });
  let failed = 0;
  try {
    for (const { name, plan, complaints } of chosen) {
      const run = await executeRun(world, plan);
      const wrong = [
        ...complaints(run.result),
        ...run.result.violations.map(({ law, detail, jobId }) => `${law} ${jobId ?? ''}: ${detail}`),
      ];
      say(summary(run.result));
      for (const line of wrong) say(`  ${line}`);
      keep(join(out, 'scenarios.json'), { ...recordOf(name, run.result), complaints: wrong });
      if (wrong.length === 0) continue;
      failed += 1;
      say(`  kept in ${keepFindings(out, { plan, run, home: world.stack.home })}`);
    }
  } finally {
    await world.stop();
  }
  say(`${chosen.length - failed} of ${chosen.length} scenarios ended as they must`);
  return failed;
}

function recordOf(name: string, { jobs, faults, tookMs }: RunResult): Omit<ScenarioRecord, 'complaints'> {
  const settled = faults.flatMap((fault) => fault.settled ?? []);
  return { name, build: buildId(REPOSITORY), state: jobs[0]?.state ?? 'none', settled, tookMs };
}

/** The last run of a scenario is the one that counts. */
function keep(path: string, record: ScenarioRecord): void {
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ScenarioRecord[]) : [];
  const all = [...earlier.filter(({ name }) => name !== record.name), record];
  const place = ({ name }: ScenarioRecord): number => SCENARIOS.findIndex((scenario) => scenario.name === name);
  writeFileSync(
    path,
    JSON.stringify(
      all.sort((a, b) => place(a) - place(b)),
      null,
      1,
    ),
  );
}
