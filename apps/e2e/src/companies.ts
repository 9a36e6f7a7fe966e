import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './stack-home.js';

/** Names of 503 real companies, with commas and quotes as they come. */
export const COMPANIES_CSV = join(REPOSITORY, 'apps', 'e2e', 'fixtures', 'companies.csv');

/** The first `count` of them as entities of a list. */
export function companies(count: number): { Security: string }[] {
  const lines = readFileSync(COMPANIES_CSV, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1, count + 1);
  return lines.map((line) => ({
    Security: /^"((?:[^"]|"")*)"|^[^,]*/.exec(line)?.slice(0, 2).reverse().find(Boolean) ?? '',
  }));
}
