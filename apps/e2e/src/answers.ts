import { type Answer, type DataProvider, PROVIDERS, sandbox } from './sandbox.js';
import type { Column, Row } from './views.js';

const AT_A_TIME = 20;

/** What providers know about a company, in the order in which they are asked. */
type Answers = readonly Answer[];

/** Asks the sandbox for the truth about these companies. */
async function answersFor(
  companies: readonly string[],
  providers: readonly DataProvider[],
): Promise<Map<string, Answers>> {
  const answers = new Map<string, Answers>();
  const open = [...companies];
  const worker = async (): Promise<void> => {
    for (let company = open.pop(); company !== undefined; company = open.pop()) {
      const name = company;
      answers.set(name, await Promise.all(providers.map((provider) => sandbox.answer(provider, name))));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return answers;
}

/** The waterfall: the first provider's value, else the next one's. */
function valueOf(answers: Answers | undefined, attribute: string): string | number | null {
  return answers?.map(({ values }) => values[attribute] ?? null).find((value) => value !== null) ?? null;
}

/** A cell in one line, so that a difference names its row and column. */
export interface CellFact {
  readonly company: string;
  readonly attribute: string;
  readonly status: string;
  readonly value: unknown;
}

/** What the grid should show after a fill that reached these providers. */
export async function expectedCells(
  rows: readonly Row[],
  columns: readonly Column[],
  providers: readonly DataProvider[] = PROVIDERS,
): Promise<CellFact[]> {
  const companies = rows.map(({ entity }) => entity['Security'] ?? '');
  const answers = await answersFor(companies, providers);
  return rows.flatMap(({ entity }) =>
    columns.map(({ config }) => {
      const company = entity['Security'] ?? '';
      const attribute = config.attribute ?? '';
      const value = valueOf(answers.get(company), attribute);
      return { company, attribute, status: value === null ? 'not_found' : 'filled', value };
    }),
  );
}

/** What the grid shows. */
export function shownCells(rows: readonly Row[], columns: readonly Column[]): CellFact[] {
  return rows.flatMap(({ entity, cells }) =>
    columns.map(({ id, config }) => ({
      company: entity['Security'] ?? '',
      attribute: config.attribute ?? '',
      status: cells[id]?.status ?? 'blank',
      value: cells[id]?.value ?? null,
    })),
  );
}
