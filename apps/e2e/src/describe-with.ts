import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { chromiumPath } from './browser.js';
import { REPOSITORY } from './stack-home.js';

/** Those of these services whose workers this checkout does not have. */
export function missingServices(services: readonly string[]): string[] {
  return services.filter((service) => !existsSync(join(REPOSITORY, 'apps', `${service}-worker`)));
}

/** Describes what needs the workers of these services: skipped, and says so in its name, in a checkout that lacks one. */
export function describeWith(services: readonly string[], name: string, tests: () => void): void {
  const missing = missingServices(services);
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (skipped: this checkout has no worker of ${missing.join(', ')})`, tests);
}

/** The same for what needs a browser, too. */
export function describeInBrowser(services: readonly string[], name: string, tests: () => void): void {
  if (chromiumPath() !== undefined) describeWith(services, name, tests);
  else describe.skip(`${name} (skipped: no Chromium on this machine; set CHROMIUM_PATH)`, tests);
}
