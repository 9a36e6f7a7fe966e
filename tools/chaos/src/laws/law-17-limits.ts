import type { Evidence } from '../audit/evidence.js';
import type { Outside } from './truth.js';
import type { Violation } from './violation.js';

const TOO_MANY_REQUESTS = 429;

/** L17: no job captures more than its ceiling, and no provider is asked more often than its limit allows. */
export function checkCeilings({ jobs, capturedCredits }: Evidence): Violation[] {
  return jobs.flatMap(({ id, maxCost }) => {
    const captured = capturedCredits.get(id) ?? 0;
    if (captured <= maxCost) return [];
    return [{ law: 'L17', detail: `The job captured ${captured} credits, its ceiling is ${maxCost}`, jobId: id }];
  });
}

/** A call that a provider refused for its rate, and not because a fault told it to. */
export function checkRates({ calls, piledUp }: Outside): Violation[] {
  if (piledUp) return [];
  const refused = calls.filter(({ status, fault }) => status === TOO_MANY_REQUESTS && fault === undefined);
  const providers = new Set(refused.map(({ provider }) => provider));
  return [...providers].map((provider) => {
    const count = new Set(refused.flatMap((call) => (call.provider === provider ? [call.callId] : []))).size;
    return { law: 'L17', detail: `${provider} refused ${count} calls because its limit was exceeded` };
  });
}
