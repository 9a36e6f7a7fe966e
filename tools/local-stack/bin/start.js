#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds what changed since the last start; Nx takes the rest from its cache. */
function build() {
  console.log('Building what is not built yet …');
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const projects = '--projects=tag:type:app,@uno/local-stack';
  const { status, signal } = spawnSync(
    process.execPath,
    [nx, 'run-many', '--target=build', projects, '--parallel=2', '--outputStyle=static'],
    { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status === 0) return;
  if (!signal) console.error('The build failed, see above. Run "npm ci" if packages are missing.');
  process.exit(status ?? 1);
}

if (!args.includes('--help') && !args.includes('--no-build')) build();
const { main } = await import('../dist/main.js');
process.exit(await main(args));
