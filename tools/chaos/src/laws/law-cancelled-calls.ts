import type { Evidence } from '../audit/evidence.js';
import type { Outside } from './truth.js';
import type { Violation } from './violation.js';

const OBEYED_WITHIN_MS = 2_000;
/** What a fill writes; an undo goes by ids. */
const FILLS = /\/batch\/upsert$/;

/**
 * From two seconds after an acknowledged cancel the job starts no call but those that take its writes back. Judged by the writes
 * to the CRM: of all calls they alone name their job.
 */
export function checkCancelled({ jobs }: Evidence, { calls, piledUp }: Outside): Violation[] {
  if (piledUp) return [];
  return jobs.flatMap(({ id, cancelledAt }): Violation[] => {
    const until = (cancelledAt ?? Number.POSITIVE_INFINITY) / 1_000 + OBEYED_WITHIN_MS;
    const own = calls.filter(({ route, idempotencyKey }) => FILLS.test(route) && idempotencyKey?.startsWith(`${id}:`));
    const late = new Set(own.filter(({ at }) => Date.parse(at) > until).map(({ callId }) => callId)).size;
    return late === 0 ? [] : [{ law: 'cancel', detail: `${late} calls started long after the cancel`, jobId: id }];
  });
}
