#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILT_ONCE = 'UNO_CLI_BUILT';

try {
  await import('../dist/main.js');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || process.env[BUILT_ONCE] !== undefined) throw error;
  process.exitCode = buildAndRunAgain();
}

/** A fresh clone has no dist yet. What the build says goes to stderr, so that `--json` stays one document. */
function buildAndRunAgain() {
  process.stderr.write('uno is not built yet, building it once …\n');
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const nx = fileURLToPath(import.meta.resolve('nx/bin/nx.js'));
  const build = spawnSync(process.execPath, [nx, 'run', '@uno/cli:build', '--outputStyle=static'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (build.status !== 0) {
    process.stderr.write(
      'uno could not be built. Run "npm ci && npm run build" in the repository and read its errors.\n',
    );
    return 1;
  }
  const again = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [BUILT_ONCE]: '1' },
  });
  return again.status ?? 1;
}
