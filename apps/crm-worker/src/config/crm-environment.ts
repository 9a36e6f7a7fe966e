import { serviceEnvironment } from '@uno/worker-kit';
import type { z } from 'zod';

/** Everything the CRM worker reads from its environment, once, at start. */
export const crmEnvironment = serviceEnvironment({
  service: 'crm',
  providers: { hubspot: 'https://api.hubapi.com' },
  rowsPerCall: { variable: 'CRM_ROWS_PER_CALL', default: 100, max: 100 },
  callsPerPage: 5,
  callsAtATime: 20,
});
export type CrmEnvironment = z.infer<typeof crmEnvironment>;
