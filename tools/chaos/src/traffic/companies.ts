import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/stack-home.js';

/** Companies of the fixture. */
export const COMPANY_COUNT = 503;

/** The attribute that holds a company's name. */
export const COMPANY_NAME = 'Security';

let read: readonly string[] | undefined;

/** Names of real companies, with commas and quotes as they come. */
export function companyNames(): readonly string[] {
  read ??= readFileSync(join(REPOSITORY, 'apps', 'e2e', 'fixtures', 'companies.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1];
      return quoted === undefined ? line.split(',', 1).join() : quoted.replaceAll('""', '"');
    });
  return read;
}

/** Name of the company at a place of the fixture. */
export function companyAt(place: number): string {
  const name = companyNames()[place];
  if (name === undefined) throw new Error(`The fixture has no company ${place}`);
  return name;
}

/** A CSV file with one company a line. */
export function companiesCsv(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  return [COMPANY_NAME, ...quoted, ''].join('\n');
}
