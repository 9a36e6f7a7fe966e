import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAMPAIGN_SETTINGS } from '../campaign/campaign.js';
import { executeRun } from '../runs/execute-run.js';
import { REPOSITORY } from '../stack/stack-home.js';
import { startWorld } from '../stack/world.js';
import { PLANTED_BUGS } from './planted-bugs.js';
import type { PlantedBug, PlantedBugResult } from './planted-bug.js';
import { ScratchCopy } from './scratch-copy.js';

export interface PlantedBugsOptions {
  /** Names of planted bugs; none for all of them. */
  readonly names: readonly string[];
  readonly out: string;
  readonly portBase: number;
  readonly say: (line: string) => void;
}

/**
 * Plants each bug in a scratch copy, looks whether the checkers find it, takes all of them back and looks whether the same runs
 * are green.
 *
 * @returns the number of bugs that were not found, or whose run stayed red.
 */
export async function runPlantedBugs({ names, out, portBase, say }: PlantedBugsOptions): Promise<number> {
  const bugs = PLANTED_BUGS.filter(({ name }) => names.length === 0 || names.includes(name));
  say('copying the repository …');
  const copy = ScratchCopy.make(REPOSITORY, join(out, 'scratch'));
  const home = join(out, 'scratch-stack');
  const inCopy = { home, portBase, repository: copy.directory, env: CAMPAIGN_SETTINGS };
  const found = new Map<string, string[]>();
  for (const bug of bugs) {
    copy.plant(bug.patches);
    try {
      found.set(bug.name, (await lawsBroken(inCopy, [bug])).get(bug.name) ?? []);
    } finally {
      copy.revert();
    }
    say(
      `${bug.law} ${bug.name}: ${found.get(bug.name)?.includes(bug.law) ? 'found' : 'NOT FOUND'} (${found.get(bug.name)?.join(', ')})`,
    );
  }
  const reverted = await lawsBroken(inCopy, bugs);
  const results = bugs.map(({ name, law, how }): PlantedBugResult => ({
    ...{ name, law, how, found: found.get(name) ?? [] },
    green: reverted.get(name)?.length === 0,
  }));
  writeFileSync(join(out, 'planted-bugs.json'), JSON.stringify(results, null, 1));
  for (const { name, law, green } of results) {
    if (!green) say(`${law} ${name}: NOT GREEN when reverted (${reverted.get(name)?.join(', ')})`);
  }
  const failed = results.filter((result) => !result.found.includes(result.law) || !result.green).length;
  say(`${results.length - failed} of ${results.length} planted bugs were found, and green when reverted`);
  return failed;
}

/** Runs the bugs' plans on a stack of its own, with new databases. @returns the laws that the checkers name, by bug. */
async function lawsBroken(
  stack: Parameters<typeof startWorld>[0],
  bugs: readonly PlantedBug[],
): Promise<Map<string, string[]>> {
  rmSync(stack.home, { recursive: true, force: true });
  const world = await startWorld(stack);
  const broken = new Map<string, string[]>();
  try {
    for (const { name, plan } of bugs) {
      const { result } = await executeRun(world, plan);
      broken.set(name, [...new Set(result.violations.map(({ law }) => law))].sort());
    }
  } finally {
    await world.stop();
  }
  return broken;
}
