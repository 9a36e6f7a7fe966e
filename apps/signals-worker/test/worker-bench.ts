import { sandboxAccount, WorkerBench } from '@uno/worker-kit/testing';

/** A bench for the signals worker: five rows per call and four calls at a time, unless the test says otherwise. */
export const startBench = (): Promise<WorkerBench> =>
  WorkerBench.start({
    main: new URL('../dist/main.js', import.meta.url),
    service: 'signals',
    environment: (sandboxUrl) => ({
      ...sandboxAccount('lusha', sandboxUrl),
      SIGNALS_ROWS_PER_CALL: '5',
      SIGNALS_CALLS_PER_PAGE: '4',
      SIGNALS_CALL_TIMEOUT_SECONDS: '0.5',
    }),
  });
