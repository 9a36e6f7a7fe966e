import type { Evidence } from '../audit/evidence.js';
import type { LoggedCall } from '../stack/sandbox.js';
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

/** In ms, the time over which a provider counts. */
const WINDOWS_MS = { lusha: 1_000, pdl: 1_000, openai: 1_000, hubspot: 10_000 } as const;

/** A call that a provider refused for its rate: not because a fault told it to, nor because calls had piled up before it. */
export function checkRates({ calls, piledUp }: Outside): Violation[] {
  if (piledUp) return [];
  const refused = calls.filter(
    (call) => call.status === TOO_MANY_REQUESTS && call.fault === undefined && !hadPiledUp(call, calls),
  );
  const providers = new Set(refused.map(({ provider }) => provider));
  return [...providers].map((provider) => {
    const count = new Set(refused.flatMap((call) => (call.provider === provider ? [call.callId] : []))).size;
    return { law: 'L17', detail: `${provider} refused ${count} calls because its limit was exceeded` };
  });
}

/** On a machine without time for the provider, calls that were sent one by one are read at once and count for less time. */
function hadPiledUp(refused: LoggedCall, calls: readonly LoggedCall[]): boolean {
  const { provider } = refused;
  const at = Date.parse(refused.at);
  const from = at - WINDOWS_MS[provider];
  return calls.some((call) => {
    if (call.provider !== provider || call.stoodStillMs === undefined) return false;
    const readAt = Date.parse(call.at);
    return readAt >= from && readAt <= at;
  });
}
