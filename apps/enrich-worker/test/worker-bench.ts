import { sandboxAccount, WorkerBench, type TestPage } from '@uno/worker-kit/testing';

/** A bench for the enrich worker: one look-up per call and four at a time, unless the test says otherwise. */
export const startBench = (): Promise<WorkerBench> =>
  WorkerBench.start({
    main: new URL('../dist/main.js', import.meta.url),
    service: 'enrich',
    environment: (sandboxUrl) => ({
      ...sandboxAccount('lusha', sandboxUrl),
      ...sandboxAccount('pdl', sandboxUrl),
      ENRICH_LOOKUPS_PER_CALL: '1',
      ENRICH_CALLS_PER_PAGE: '4',
    }),
  });

/** A page of companies with two columns; a row is named after its company. */
export const pageOf = (names: readonly string[]): Omit<TestPage, 'jobId' | 'fence'> => ({
  workspaceId: 'ws_1',
  entityType: 'company',
  columns: [
    { columnId: 'industry', config: { attribute: 'industry' } },
    { columnId: 'employees', config: { attribute: 'employees' } },
  ],
  rows: names.map((name) => ({ rowId: name, columnIds: ['industry', 'employees'], inputs: { name } })),
});

export const companies = (count: number): string[] => Array.from({ length: count }, (_, index) => `Company ${index}`);
