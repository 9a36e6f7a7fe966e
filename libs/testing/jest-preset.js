import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { preset } from '../../jest.preset.js';

const built = (name) => fileURLToPath(new URL(`dist/${name}.js`, import.meta.url));

/**
 * The preset of a project whose tests need real servers, one of each per run, shared by all its test files:
 * `presetWithServers({ postgres: true, temporal: true })`.
 *
 * Jest loads a global set-up outside its module system, where TypeScript and the source condition are unknown, so the
 * built one is named here.
 */
export function presetWithServers({ postgres = false, temporal = false }) {
  if (!existsSync(built('global-setup'))) {
    throw new Error('@uno/testing is not built yet: run "npx nx build @uno/testing" once');
  }
  return {
    ...preset,
    globals: { unoTestServers: { postgres, temporal } },
    globalSetup: built('global-setup'),
    globalTeardown: built('global-teardown'),
    // A process that a failed test left behind must not keep the whole run waiting for ever.
    forceExit: true,
  };
}
