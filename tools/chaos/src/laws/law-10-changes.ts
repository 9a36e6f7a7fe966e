import type { Evidence } from '../audit/evidence.js';
import { cellHistories, deedOf, versionsById } from './cell-history.js';
import type { Violation } from './violation.js';

/** To which states a job may go from each. A final state leads nowhere. */
const NEXT_STATES: Readonly<Record<string, readonly string[]>> = {
  accepted: ['awaiting_approval', 'running', 'compensating'],
  awaiting_approval: ['running', 'compensating'],
  running: ['paused', 'awaiting_approval', 'completing', 'compensating'],
  paused: ['running', 'compensating'],
  completing: ['completed', 'compensating'],
  compensating: ['compensation_failed', 'failed', 'cancelled'],
  compensation_failed: ['compensating', 'failed', 'cancelled'],
};

/** L10: states change as the tables say, versions only grow, nothing late overwrites a user's edit or another job's value. */
export function checkChanges(evidence: Evidence): Violation[] {
  return [...unlawfulCellChanges(evidence), ...changedVersions(evidence), ...unlawfulJobChanges(evidence)];
}

function unlawfulCellChanges(evidence: Evidence): Violation[] {
  const versions = versionsById(evidence);
  const overwriting = new Map(evidence.jobs.map((job) => [job.id, job.overwriteEdits]));
  return [...cellHistories(evidence).values()].flat().flatMap((change): Violation[] => {
    const { before, after } = change;
    const cell = after ?? before;
    const deed = deedOf(change, versions);
    const at = { rowId: cell?.rowId ?? '', columnId: cell?.columnId ?? '', ...(cell?.jobId && { jobId: cell.jobId }) };
    if (deed === 'unlawful') {
      const from = `${before?.status ?? 'absent'} of version ${before?.versionId ?? 'none'}`;
      const to = `${after?.status ?? 'absent'} of version ${after?.versionId ?? 'none'}`;
      return [{ law: 'L10', detail: `Change ${change.seq}: ${from} became ${to}`, ...at }];
    }
    if (deed === 'claim' && before?.edited && !overwriting.get(after?.jobId ?? '')) {
      return [{ law: 'L10', detail: `Change ${change.seq}: a job claimed a cell that was edited by hand`, ...at }];
    }
    return [];
  });
}

function changedVersions({ versionChanges }: Evidence): Violation[] {
  return versionChanges.flatMap(({ operation, before, after }) => {
    const { restored_at: _, ...was } = before ?? {};
    const { restored_at: __, ...is } = after ?? {};
    const onlyMarked = operation === 'update' && before?.['restored_at'] === null && same(was, is);
    return onlyMarked ? [] : [{ law: 'L10', detail: `Version ${String(was['id'])} was changed by an ${operation}` }];
  });
}

function unlawfulJobChanges({ jobChanges }: Evidence): Violation[] {
  return jobChanges.flatMap(({ operation, before, after }): Violation[] => {
    if (!after || before?.state === after.state) return [];
    const allowed = operation === 'insert' ? ['accepted'] : (NEXT_STATES[before?.state ?? ''] ?? []);
    if (allowed.includes(after.state)) return [];
    return [
      { law: 'L10', detail: `The job went from ${before?.state ?? 'nothing'} to ${after.state}`, jobId: after.id },
    ];
  });
}

/** Both come from one database, which writes the keys of an object in one order. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
