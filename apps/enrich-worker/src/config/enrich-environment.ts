import { serviceEnvironment } from '@uno/worker-kit';
import type { z } from 'zod';

/** Everything the enrich worker reads from its environment, once, at start. */
export const enrichEnvironment = serviceEnvironment({
  service: 'enrich',
  providers: { lusha: 'https://api.lusha.com', pdl: 'https://api.peopledatalabs.com' },
  rowsPerCall: { variable: 'ENRICH_LOOKUPS_PER_CALL', default: 25, max: 100 },
  callsPerPage: 25,
  callsAtATime: 200,
});
export type EnrichEnvironment = z.infer<typeof enrichEnvironment>;
