import { sandboxAccount, WorkerBench, type StartedPage } from '@uno/worker-kit/testing';

/** A bench for the AI worker: eight calls at a time, unless the test says otherwise. */
export const startBench = (): Promise<WorkerBench> =>
  WorkerBench.start({
    main: new URL('../dist/main.js', import.meta.url),
    service: 'ai',
    environment: (sandboxUrl) => ({
      ...sandboxAccount('openai', sandboxUrl),
      OPENAI_REQUESTS_PER_SECOND: '1000',
      AI_CALLS_PER_PAGE: '8',
    }),
  });

/** The schema of the column `facts`. */
export const FACTS = {
  type: 'object',
  properties: { offices: { type: 'integer', minimum: 1 }, listed: { type: 'boolean' } },
  required: ['offices', 'listed'],
  additionalProperties: false,
};
export const SIZES = ['small', 'mid', 'large'];

const prompt = (column: string): string => `${column} of {{attr:name}}, an {{col_1}} firm`;

/** What a model is asked for a cell. */
export const questionOf = (name: string, column: string): string => `${column} of ${name}, an {"trade":"Energy"} firm`;

/** A column for every type of answer. */
export const COLUMNS: Readonly<Record<string, { readonly type: string }>> = {
  line: { type: 'text' },
  staff: { type: 'number' },
  bank: { type: 'yes_no' },
  size: { type: 'one_of', ...{ options: SIZES } },
  facts: { type: 'json', ...{ schema: FACTS } },
};

/** Starts a page of companies; a row is named after its company, and its cells of these columns are open. */
export function startPage(
  bench: WorkerBench,
  names: readonly string[],
  columnsOf: (row: number) => readonly string[] = () => Object.keys(COLUMNS),
): Promise<StartedPage> {
  return bench.startPage({
    workspaceId: 'ws_1',
    entityType: 'company',
    columns: Object.entries(COLUMNS).map(([columnId, answer]) => ({
      columnId,
      config: { prompt: prompt(columnId), answer: { ...answer } },
    })),
    references: { 'attr:name': 'Company Name', col_1: 'Industry' },
    rows: names.map((name, index) => ({
      rowId: name,
      columnIds: [...columnsOf(index)],
      inputs: { 'attr:name': name, col_1: { trade: 'Energy' } },
    })),
  });
}

/** What the model must say for a cell. */
export async function rightAnswer(bench: WorkerBench, name: string, column: string): Promise<unknown> {
  const { values } = await bench.sandbox.completion(questionOf(name, column), { options: SIZES, schema: FACTS });
  return values[COLUMNS[column]?.type ?? ''];
}

export const companies = (count: number): string[] => Array.from({ length: count }, (_, index) => `Company ${index}`);
