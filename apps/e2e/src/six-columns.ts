import { randomUUID } from 'node:crypto';
import { companies } from './companies.js';
import { PROVIDERS, sandbox } from './sandbox.js';
import type { Column, Row, UnoList } from './views.js';
import type { Workspace } from './workspace.js';

const AT_A_TIME = 20;
export const SEGMENTS = ['Hardware', 'Software', 'Services', 'Everything else'];
export const KINDS = ['funding', 'hiring', 'news'];
export const WITHIN_DAYS = 365;

/** Two columns of data, two of AI of which one reads an enriched column, one of signals, and one that writes to the CRM. */
const COLUMNS = [
  { name: 'Industry', service: 'enrich', config: { attribute: 'industry' } },
  { name: 'Employees', service: 'enrich', config: { attribute: 'employees' } },
  {
    name: 'Summary',
    service: 'ai',
    config: { prompt: 'One line on {{Company}}, an {{Industry}} firm', answer: { type: 'text' } },
  },
  {
    name: 'Segment',
    service: 'ai',
    config: { prompt: 'What does {{Company}} sell?', answer: { type: 'one_of', options: SEGMENTS } },
  },
  { name: 'News', service: 'signals', config: { kinds: KINDS, withinDays: WITHIN_DAYS } },
  {
    name: 'CRM',
    service: 'crm',
    config: {
      ...{ object: 'company', matchOn: 'domain' },
      map: { name: 'Company', industry: 'Industry', uno_summary: 'Summary', uno_segment: 'Segment' },
    },
  },
] as const;

/** The teams whose columns these are. */
export const FOUR_TEAMS = ['enrich', 'signals', 'ai', 'crm'];

export type SixColumn = (typeof COLUMNS)[number]['name'];

/** Credits for a filled cell, by service. */
export const PRICES: Readonly<Record<string, number>> = { enrich: 1, signals: 1, ai: 2, crm: 1 };

/** A list of companies with six columns. */
export interface SixColumnList {
  readonly list: UnoList;
  readonly columns: readonly Column[];
  readonly byName: Readonly<Record<SixColumn, Column>>;
}

/** Companies with a name and a domain that nobody owns, in the order of the list. */
export function companiesWithDomains(count: number): { Company: string; Domain: string }[] {
  return companies(count).map(({ Security: name }, index) => {
    const slug = name.normalize('NFKD').replace(/[^a-z0-9]+/gi, '-');
    return { Company: name, Domain: `${slug}-${index}.example`.toLowerCase().replace(/^-/, '') };
  });
}

/** Makes the list in a workspace. */
export async function sixColumns(
  workspace: Workspace,
  entities: readonly Record<string, string>[],
): Promise<SixColumnList> {
  const list = await workspace.send<UnoList>('POST', '/v1/lists', {
    ...{ name: `Companies ${randomUUID().slice(0, 8)}`, entityType: 'company' },
    identity: { name: 'Company', domain: 'Domain' },
  });
  await workspace.send('POST', `/v1/lists/${list.id}/rows`, { rows: entities.map((entity) => ({ entity })) });
  const columns: Column[] = [];
  for (const column of COLUMNS) {
    columns.push(await workspace.send<Column>('POST', `/v1/lists/${list.id}/columns`, column));
  }
  const byName = Object.fromEntries(columns.map((column) => [column.name, column])) as Record<SixColumn, Column>;
  return { list, columns, byName };
}

/** What a cell shows. */
export interface Shown {
  readonly status: string;
  readonly value: unknown;
}

/** The cells of a row, but for that of the CRM, which says what happened there. */
export type RowFacts = Readonly<Record<Exclude<SixColumn, 'CRM'>, Shown>>;

/** What the grid shows, by domain. */
export function shownFacts(rows: readonly Row[], { byName }: SixColumnList): Map<string, RowFacts> {
  const cellOf = (row: Row, name: SixColumn): Shown => {
    const { status = 'blank', value = null } = row.cells[byName[name].id] ?? {};
    return { status, value };
  };
  const factsOf = (row: Row): RowFacts => ({
    Industry: cellOf(row, 'Industry'),
    Employees: cellOf(row, 'Employees'),
    Summary: cellOf(row, 'Summary'),
    Segment: cellOf(row, 'Segment'),
    News: cellOf(row, 'News'),
  });
  return new Map(rows.map((row) => [row.entity['Domain'] ?? '', factsOf(row)]));
}

/** What the grid should show by the sandbox's answers, by domain. */
export async function expectedFacts(rows: readonly Row[]): Promise<Map<string, RowFacts>> {
  const facts = new Map<string, RowFacts>();
  const open = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      facts.set(row.entity['Domain'] ?? '', await factsOf(row));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return new Map(rows.map(({ entity: { Domain = '' } }) => [Domain, facts.get(Domain) as RowFacts]));
}

async function factsOf({ entity: { Company = '', Domain = '' } }: Row): Promise<RowFacts> {
  const known = await Promise.all(PROVIDERS.map((provider) => sandbox.answer(provider, Domain)));
  const attribute = (name: string): Shown =>
    shown(known.map(({ values }) => values[name] ?? null).find((value) => value !== null));
  const industry = attribute('industry');
  const summary = `One line on ${Company}, an ${String(industry.value)} firm`;
  const { one_of: segment } = await sandbox.modelAnswer(`What does ${Company} sell?`, SEGMENTS);
  const isKnown = industry.status === 'filled';
  return {
    Industry: industry,
    Employees: attribute('employees'),
    Summary: isKnown ? shown((await sandbox.modelAnswer(summary)).text) : { status: 'skipped', value: null },
    Segment: shown(segment),
    News: shown(await sandbox.latestEvent(Domain, KINDS, WITHIN_DAYS)),
  };
}

const shown = (value: unknown): Shown =>
  value === undefined || value === null ? { status: 'not_found', value: null } : { status: 'filled', value };

/** What the CRM should hold of a row, as far as the row has it. */
export function mappedProperties(
  { Company, Domain }: { readonly Company: string; readonly Domain: string },
  { Industry, Summary, Segment }: RowFacts,
): Record<string, string> {
  const mapped = { industry: Industry.value, uno_summary: Summary.value, uno_segment: Segment.value };
  const filled = Object.entries(mapped).filter(([, value]) => value !== null);
  return { domain: Domain, name: Company, ...Object.fromEntries(filled.map(([name, value]) => [name, String(value)])) };
}
