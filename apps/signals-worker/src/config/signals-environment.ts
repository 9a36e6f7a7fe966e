import { serviceEnvironment } from '@uno/worker-kit';
import type { z } from 'zod';

/** Everything the signals worker reads from its environment, once, at start. */
export const signalsEnvironment = serviceEnvironment({
  service: 'signals',
  providers: { lusha: 'https://api.lusha.com' },
  rowsPerCall: { variable: 'SIGNALS_ROWS_PER_CALL', default: 25, max: 100 },
  callsPerPage: 10,
  callsAtATime: 100,
});
export type SignalsEnvironment = z.infer<typeof signalsEnvironment>;
