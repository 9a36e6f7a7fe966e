#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds what changed since the last time: the stack under test is what stands in the checkout. */
function build() {
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const projects = '--projects=tag:type:app,@uno/chaos';
  const { status } = spawnSync(
    process.execPath,
    [nx, 'run-many', '--target=build', projects, '--parallel=2', '--outputStyle=static'],
    { cwd: repository, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) process.exit(status ?? 1);
}

if (args.length > 0 && !args.includes('--help') && !args.includes('--no-build')) build();
const { main } = await import('../dist/main.js');
process.exit(await main(args));
