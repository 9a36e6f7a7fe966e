import { enrichRoutes, searchRoutes } from './lusha-records.routes.js';
import { signalsRoutes } from './lusha-signals.routes.js';
import type { ProviderApi } from './provider-api.js';

/** Lusha V3. Sources: https://docs.lusha.com/enrichment/overview, /error-codes, /rate-limiting */
export const lushaApi: ProviderApi = {
  name: 'lusha',
  keyHeader: 'api_key',
  defaultRequestsPerSecond: 25,
  routes: [...enrichRoutes, ...searchRoutes, ...signalsRoutes],
  itemErrors: ['COMPLIANCE_RESTRICTED', 'ENRICH_FAILED'],
  wrongParts: ['envelope', 'items', 'references'],
  outOfCreditsStatus: 402,
  errorBody: (statusCode, message) => ({ statusCode, message, errors: [] }),
  usageHeaders: ({ requestsPerSecond, minute, hour, day }) =>
    requestsPerSecond === null
      ? {}
      : {
          ...window('minute', requestsPerSecond * 60, minute),
          ...window('hourly', requestsPerSecond * 3_600, hour),
          ...window('daily', requestsPerSecond * 86_400, day),
        },
};

function window(name: string, limit: number, used: number): Readonly<Record<string, string>> {
  return {
    [`x-rate-limit-${name}`]: String(limit),
    [`x-${name}-requests-left`]: String(Math.max(0, limit - used)),
    [`x-${name}-usage`]: String(used),
  };
}
