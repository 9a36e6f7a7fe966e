import type { Evidence } from '../audit/evidence.js';
import { cellHistories, deedOf, looksTheSame, versionsById } from './cell-history.js';
import type { Violation } from './violation.js';

/** L12: a job that was rolled back left nothing: cells as before unless edited since, no version of it standing, no credit taken. */
export function checkUndone(evidence: Evidence): Violation[] {
  return evidence.jobs
    .filter(({ state, undoMode }) => ['failed', 'cancelled'].includes(state) && undoMode !== 'keep')
    .flatMap(({ id }) => [...notAsBefore(evidence, id), ...stillStanding(evidence, id), ...stillPaid(evidence, id)]);
}

function notAsBefore(evidence: Evidence, jobId: string): Violation[] {
  const versions = versionsById(evidence);
  return [...cellHistories(evidence).values()].flatMap((history) =>
    history.flatMap((change, index): Violation[] => {
      if (change.after?.jobId !== jobId || deedOf(change, versions) !== 'claim') return [];
      const later = history.slice(index + 1);
      // What follows belongs to the user, or to the next job, which found the cell as this one left it.
      const end = later.findIndex((next) => ['claim', 'edit'].includes(deedOf(next, versions)));
      const next = later[end];
      if (next && deedOf(next, versions) === 'edit') return [];
      const left = next ? next.before : (later.at(-1) ?? change).after;
      if (looksTheSame(change.before, left)) return [];
      const { rowId, columnId } = change.after;
      return [{ law: 'L12', detail: 'The cell is not what it was before the job', jobId, rowId, columnId }];
    }),
  );
}

function stillStanding({ versions }: Evidence, jobId: string): Violation[] {
  return versions
    .filter((version) => version.jobId === jobId && version.restoredAt === null)
    .map(({ id, rowId, columnId }) => ({
      ...{ law: 'L12', detail: `Version ${id} of a job that was rolled back is not marked as restored` },
      ...{ jobId, rowId, columnId },
    }));
}

function stillPaid({ captured }: Evidence, jobId: string): Violation[] {
  const paid = captured.get(jobId)?.size ?? 0;
  return paid === 0 ? [] : [{ law: 'L12', detail: `${paid} cells of a job that was rolled back are paid for`, jobId }];
}
