import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds what changed since the last time; Nx takes the rest from its cache. Ends the process when that fails. */
export function build(projects) {
  console.log('Building what is not built yet …');
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const { status, signal } = spawnSync(
    process.execPath,
    [nx, 'run-many', '--target=build', `--projects=${projects}`, '--parallel=2', '--outputStyle=static'],
    { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status === 0) return;
  if (!signal) console.error('The build failed, see above. Run "npm ci" if packages are missing.');
  process.exit(status ?? 1);
}
