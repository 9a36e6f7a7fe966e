import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CALLS_AT_A_TIME, REPOSITORY, THROUGHPUT_SETTINGS } from '../stack/bench-stack.js';
import type { Finding } from './figure.js';
import { reachesGoal } from './figure.js';
import { foreignLoadOf, goalOf, spreadOf, valueOf } from './print.js';

/** Writes `docs/benchmarks.md`. */
export async function writeReport(findings: readonly Finding[]): Promise<void> {
  const file = join(REPOSITORY, 'docs', 'benchmarks.md');
  const style = await resolveConfig(file);
  await writeFile(file, await format(report(findings), { ...style, filepath: file }));
}

function report(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ measurement }) =>
    measurement.results.map((result) => {
      const reached = reachesGoal(result);
      const cells = [
        result.what,
        `${valueOf(result)} ${result.unit}`.trim(),
        spreadOf(result),
        `${result.summary.tries}`,
      ];
      return `| ${[...cells, goalOf(result), reached === undefined ? '' : reached ? 'reached' : '**missed**'].join(' | ')} |`;
    }),
  );
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- all`; do not edit. Each figure is a sub-command of its own (`npm run bench -- floor`).',
    'Machines are noisy: what can be is a ratio of two things measured in turns, and every line says its spread.',
    '',
    '| figure | value | spread | tries | goal | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## How it was measured',
    '',
    ...findings.flatMap(methodOf),
    '## On what',
    '',
    ...environment().map((line) => `- ${line}`),
    '',
  ].join('\n');
}

function methodOf(finding: Finding): string[] {
  const { figure, measurement } = finding;
  const notes = [...measurement.notes, foreignLoadOf(finding)];
  return [`**${figure.title}** (\`${figure.name}\`). ${figure.how}`, '', ...notes.map((note) => `- ${note}`), ''];
}

function environment(): string[] {
  const [cpu] = cpus();
  const settings = Object.entries(THROUGHPUT_SETTINGS).map(([name, value]) => `\`${name}=${value}\``);
  return [
    `Build: commit ${commit()}, measured ${new Date().toISOString().slice(0, 16)} UTC.`,
    `Machine: ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}; everything on it, the providers' stand-in, Postgres and Temporal too.`,
    `Node ${process.versions.node}; the local stack with ${settings.join(', ')}.`,
    `Pages: the first of 20 rows, then 500, or 1,000 in jobs of more than 5,000 rows; 4 open at a time; ${CALLS_AT_A_TIME} calls at a time.`,
    "The sandbox's limits of calls a second are lifted; it answers after the time that a figure names, without faults.",
  ];
}

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
