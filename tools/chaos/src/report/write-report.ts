import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { ResultsFile } from '../campaign/results-file.js';
import { FAULT_RECORDS, FaultRecordsFile } from '../provider-faults/fault-records-file.js';
import type { FaultRecord } from '../provider-faults/judge-fault.js';
import type { PlantedBugResult } from '../planted-bugs/planted-bug.js';
import { STEPS } from '../plan/run-plan.js';
import type { ScenarioRecord } from '../scenarios/run-scenarios.js';
import { REPOSITORY } from '../stack/stack-home.js';
import { type Tally, tally } from './tally.js';

const REPORT = join(REPOSITORY, 'docs', 'chaos-report.md');
const GIB = 2 ** 30;

/** Writes `docs/chaos-report.md` from what the folder holds. @returns the path. */
export async function writeReport(out: string): Promise<string> {
  const records = new ResultsFile(join(out, 'results.jsonl')).read();
  const scenarios = readList<ScenarioRecord>(join(out, 'scenarios.json'));
  const planted = readList<PlantedBugResult>(join(out, 'planted-bugs.json'));
  const faults = new FaultRecordsFile(join(out, FAULT_RECORDS)).read();
  const parts = [campaignPart(tally(records)), scenarioPart(scenarios), faultsPart(faults), plantedPart(planted)];
  const text = parts.join('\n\n');
  writeFileSync(REPORT, await format(text, { parser: 'markdown' }));
  return REPORT;
}

function campaignPart(sum: Tally): string {
  const seeds = sum.seeds.map(({ seed, runs }) => `${seed} (${runs} runs)`).join(', ');
  return `# Chaos report

Written by \`npm run chaos -- report\`; how it is made is told in [tools/chaos](../tools/chaos/README.md). Real processes on one
machine; each run kills, pauses and faults them at random moments of one or two jobs of at most 250 cells and then judges L1 to
L12, L14 to L17 and L21.

${table(
  ['', ''],
  [
    ['build', sum.builds.join(', ') || 'none'],
    ['machine', machine()],
    ['seeds', seeds || 'none'],
    ['runs with a hit', `${sum.runs}`],
    ['runs without a hit, not counted', `${sum.withoutHit}`],
    ['violations', `${sum.violations.length}`],
    ['jobs by final state', sum.states.map(({ state, jobs }) => `${jobs} ${state}`).join(', ')],
    ['healed → final', `median ${seconds(sum.healing.median)}, highest ${seconds(sum.healing.highest)}`],
  ],
)}

## Hits by fault and by what the job was doing

A fault that touched nothing, or came when the job was final, is missed and counts for nothing.

${table(
  ['fault', ...STEPS, 'all', 'missed'],
  sum.faults.map(({ fault, hits, total, missed }) => [fault, ...hits.map(orBlank), `${total}`, `${missed}`]),
)}

## Violations

${
  sum.violations.length === 0
    ? 'None.'
    : table(
        ['run', 'law', 'what'],
        sum.violations.map(({ run, law, detail }) => [run, law, detail]),
      )
}`;
}

function scenarioPart(scenarios: readonly ScenarioRecord[]): string {
  if (scenarios.length === 0) return '';
  return `## Fixed cases

503 companies, two columns, or six of four teams where the name says so, \`npm run chaos -- scenario all\`.

${table(
  ['case', 'build', 'ends', 'settled when it hit', 'took', 'as it must'],
  scenarios.map(({ name, build, state, settled, tookMs, complaints }) => [
    ...[name, build, state, settled.map((share) => `${Math.round(share * 100)} %`).join(', '), seconds(tookMs)],
    complaints.length === 0 ? 'yes' : complaints.join('; '),
  ]),
)}`;
}

function faultsPart(records: readonly FaultRecord[]): string {
  if (records.length === 0) return '';
  return `## Faults of providers

1,000 cells of one service, while a third of all tries at its providers has the fault, \`npm run chaos -- provider-faults\`. A
provider that refuses the account fails the job, which is undone; no other fault does. Codes are those of the reasons of cells that
ended in an error, and of jobs that failed.

${table(
  [
    'service',
    'fault',
    'build',
    'calls hit',
    'ends',
    'filled',
    'not found',
    'error',
    'skipped',
    'codes',
    'took',
    'as it must',
  ],
  records.map(({ service, fault, build, calls, state, cells, codes, tookMs, violations }) => [
    ...[service, fault, build, `${calls}`, state],
    ...[cells.filled, cells.not_found, cells.error, cells.skipped].map(orBlank),
    ...[Object.keys(codes).join(', '), seconds(tookMs), violations.length === 0 ? 'yes' : violations.join('; ')],
  ]),
)}`;
}

function plantedPart(planted: readonly PlantedBugResult[]): string {
  if (planted.length === 0) return '';
  return `## Planted bugs

Each is a patch of a write path in a scratch copy, \`npm run chaos -- planted-bugs\`: the checkers must find it after an ordinary
fill or kill, and find nothing when it is taken back.

${table(
  ['bug', 'law', 'how it breaks it', 'found as', 'reverted'],
  planted.map(({ name, law, how, found, green }) => [
    ...[name, law, how, found.join(', ') || 'NOT FOUND', green ? 'green' : 'NOT GREEN'],
  ]),
)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function machine(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  const memory = `${Math.round(totalmem() / GIB)} GiB`;
  return `${cpus().length} × ${model.trim()}, ${memory}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

function readList<T>(path: string): T[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T[]) : [];
}

const orBlank = (count: number): string => (count === 0 ? '' : `${count}`);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
