import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FIGURES } from './figures/figures.js';
import { type Figure, type Finding, missesGoal } from './report/figure.js';
import { writeReport } from './report/report.js';
import { printFinding } from './report/print.js';
import { BenchStack } from './stack/bench-stack.js';
import { MachineLoad } from './stack/machine-load.js';

const USAGE = `Usage: npm run bench -- <figure>... [--tries <n>]

Starts the built stack on ports of its own (UNO_PORT_BASE, default 4700) and measures it.

${FIGURES.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n')}
  all            every figure, and the report docs/benchmarks.md
`;

/** @returns the exit code: 1 where a goal was missed. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { tries: { type: 'string' }, help: { type: 'boolean' } },
  });
  const unknown = positionals.filter((name) => name !== 'all' && !FIGURES.some((figure) => figure.name === name));
  if (values.help || positionals.length === 0 || unknown.length > 0) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const all = positionals.includes('all');
  const chosen = FIGURES.filter(({ name }) => all || positionals.includes(name));
  const findings = await measureAll(chosen, values.tries === undefined ? undefined : Number(values.tries));
  if (all) await writeReport(findings);
  return findings.some(missesGoal) ? 1 : 0;
}

async function measureAll(figures: readonly Figure[], tries: number | undefined): Promise<Finding[]> {
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
  const home = process.env['UNO_HOME'] ?? join(tmpdir(), `uno-bench-${process.pid}`);
  const findings: Finding[] = [];
  for (const figure of figures) {
    say(`${figure.name}: starting the stack`);
    // A stack of its own for each: no figure is measured on what another left behind.
    const stack = await BenchStack.start(home, figure.settings);
    const load = new MachineLoad();
    try {
      const measurement = await figure.measure(stack, { tries, say });
      findings.push(printFinding({ figure, measurement, foreignShare: load.foreignShare() }));
    } finally {
      await stack.stop();
    }
  }
  return findings;
}

process.exitCode = await main(process.argv.slice(2));
