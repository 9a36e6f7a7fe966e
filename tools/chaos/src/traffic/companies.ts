import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPANY_DOMAIN, COMPANY_NAME } from '../plan/columns.js';
import { REPOSITORY } from '../stack/stack-home.js';

/** Companies of the fixture. */
export const COMPANY_COUNT = 503;

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

/** A company as a row of a list. */
export interface Company {
  readonly name: string;
  /** Nobody owns it; absent where the list knows its companies by name alone. */
  readonly domain?: string;
}

/** A company with a domain, another one for each workspace: what they write outside must not meet. */
export function companyWithDomain(place: number, workspace: number): Company {
  const name = companyAt(place);
  const slug = name
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
  return { name, domain: `x-${slug}-${place}-${workspace}.example` };
}

/** The attributes of a row. */
export const entityOf = ({ name, domain }: Company): Record<string, string> => ({
  [COMPANY_NAME]: name,
  ...(domain !== undefined && { [COMPANY_DOMAIN]: domain }),
});

/** By what providers look a row up. */
export const lookUpKeyOf = (entity: Readonly<Record<string, string>>): string =>
  entity[COMPANY_DOMAIN] ?? entity[COMPANY_NAME] ?? '';

/** A CSV file with one company a line. */
export function companiesCsv(companies: readonly Company[]): string {
  const [first] = companies;
  const header = Object.keys(first ? entityOf(first) : {}).join(',');
  const lines = companies.map((company) =>
    Object.values(entityOf(company))
      .map((text) => `"${text.replaceAll('"', '""')}"`)
      .join(','),
  );
  return [header, ...lines, ''].join('\n');
}
