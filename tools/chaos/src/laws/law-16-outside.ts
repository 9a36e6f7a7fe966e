import type { Evidence, JournalEntry, Version } from '../audit/evidence.js';
import type { CrmRecord, LoggedCall } from '../stack/sandbox.js';
import type { Outside, Truth } from './truth.js';
import type { Violation } from './violation.js';

const WRITES = /\/batch\/upsert$/;
const CHANGES: readonly (string | undefined)[] = ['created', 'updated'];

/**
 * L16: a write outside takes effect at most once per idempotency key, and at least once if it is reported done; each was in the
 * journal before; and the records are what the jobs that are final say they are: written, or as they were before.
 */
export function checkOutside(evidence: Evidence, outside: Outside, truth: Truth): Violation[] {
  const journal = evidence.journal.filter(({ jobId }) => truth.isOfTheRun(jobId));
  return [
    ...writesWithoutEntry(evidence, journal, outside),
    ...writesOfKeys(journal, outside),
    ...reportedDone(evidence, journal, { outside, truth }),
    ...recordsAfterJobs(evidence, journal, outside),
  ];
}

const writesIn = ({ calls }: Outside): LoggedCall[] =>
  calls.filter(({ provider, route, effect }) => provider === 'hubspot' && WRITES.test(route) && effect !== undefined);

const at = ({ jobId, rowId, columnId }: JournalEntry): Omit<Violation, 'detail'> => ({
  ...{ law: 'L16', jobId, rowId, columnId },
});

/** Keys are unique over all workspaces, so those of other workspaces are told by the rows that they name. */
function writesWithoutEntry({ jobs }: Evidence, journal: readonly JournalEntry[], outside: Outside): Violation[] {
  const known = new Set(journal.map(({ key }) => key));
  return jobs.flatMap(({ id }) => {
    const own = writesIn(outside).filter(({ idempotencyKey }) => idempotencyKey?.includes(id));
    const unknown = new Set(own.flatMap(({ idempotencyKey }) => idempotencyKey ?? []).filter((key) => !known.has(key)));
    return [...unknown].map(() => ({
      law: 'L16',
      detail: 'A record was written that the journal does not name',
      jobId: id,
    }));
  });
}

function writesOfKeys(journal: readonly JournalEntry[], outside: Outside): Violation[] {
  const effective = new Map<string, number>();
  for (const { idempotencyKey, effect } of writesIn(outside)) {
    if (idempotencyKey === null || !CHANGES.includes(effect)) continue;
    effective.set(idempotencyKey, (effective.get(idempotencyKey) ?? 0) + 1);
  }
  const entries = new Map(journal.map((entry) => [entry.key, entry]));
  return [...entries.values()].flatMap((entry) => {
    const times = effective.get(entry.key) ?? 0;
    return times > 1 ? [{ ...at(entry), detail: `One write took effect ${times} times` }] : [];
  });
}

interface Judgement {
  readonly outside: Outside;
  readonly truth: Truth;
}

/** A filled cell names the record that was written for it, and says whether the job made it. */
function reportedDone(
  evidence: Evidence,
  journal: readonly JournalEntry[],
  { outside, truth }: Judgement,
): Violation[] {
  const writes = writesIn(outside);
  const filled = evidence.versions.filter(
    ({ columnId, author, status, jobId }) =>
      evidence.columns.get(columnId)?.service === 'crm' &&
      author === 'job' &&
      status === 'filled' &&
      truth.isOfTheRun(jobId ?? ''),
  );
  return filled.flatMap((version) => {
    const { id, rowId, columnId, jobId } = version;
    const where = { law: 'L16', rowId, columnId, ...(jobId && { jobId }) };
    const entries = journal.filter((entry) => isOf(entry, version));
    const own = writes.filter(({ idempotencyKey }) => entries.some(({ key }) => key === idempotencyKey));
    if (own.length === 0) return [{ ...where, detail: `Version ${id} says that a record was written, and none was` }];
    const { recordId, outcome } = version.value as { recordId?: string; outcome?: string };
    // Whichever cell of the job wrote it first, the job made the record.
    const records = new Set(entries.map(({ record }) => record));
    const keys = new Set(journal.flatMap((each) => (each.jobId === jobId && records.has(each.record) ? each.key : [])));
    const isMade = writes.some(({ idempotencyKey, effect }) => effect === 'created' && keys.has(idempotencyKey ?? ''));
    const wanted = isMade ? 'created' : 'updated';
    if (own.some((write) => write.recordId === recordId) && outcome === wanted) return [];
    return [{ ...where, detail: `Version ${id} names another record than the one that was ${wanted}` }];
  });
}

const isOf = (entry: JournalEntry, { jobId, rowId, columnId }: Version): boolean =>
  entry.jobId === jobId && entry.rowId === rowId && entry.columnId === columnId;

/** Of each record the last job that had to do with it decides. */
function recordsAfterJobs(evidence: Evidence, journal: readonly JournalEntry[], { records }: Outside): Violation[] {
  const last = new Map(journal.map((entry) => [entry.record, entry]));
  const living = new Map<string, CrmRecord[]>();
  for (const record of records.filter(({ archived }) => !archived)) {
    const domain = record.properties['domain'] ?? '';
    living.set(domain, [...(living.get(domain) ?? []), record]);
  }
  return [...last.values()].flatMap((entry): Violation[] => {
    const found = living.get(entry.recordValue) ?? [];
    const where = at(entry);
    if (found.length > 1) return [{ ...where, detail: 'A record is there twice' }];
    const outcome = evidence.outcomes.find(({ jobId, record }) => jobId === entry.jobId && record === entry.record);
    if (outcome?.outcome === 'changed_meanwhile') {
      return [{ ...where, detail: 'A record counts as changed by somebody else, and nobody changed it' }];
    }
    switch (endOf(entry, evidence)) {
      case 'unknown':
        return [];
      case 'written':
        return holds(found[0], entry.after) ? [] : [{ ...where, detail: 'A record does not hold what was written' }];
      case 'undone': {
        const first = journal.find(({ jobId, record }) => jobId === entry.jobId && record === entry.record) ?? entry;
        const asBefore = first.before === null ? found.length === 0 : holds(found[0], first.before);
        return asBefore ? [] : [{ ...where, detail: 'A record is not what it was before the job that was undone' }];
      }
    }
  });
}

/** What became of the cell that an entry was written for. Without an answer nobody knows whether its write came about. */
function endOf(entry: JournalEntry, { jobs, versions }: Evidence): 'written' | 'undone' | 'unknown' {
  const own = versions.filter((version) => version.author === 'job' && isOf(entry, version));
  if (own.some(({ status, restoredAt }) => status === 'filled' && restoredAt === null)) return 'written';
  const job = jobs.find(({ id }) => id === entry.jobId);
  if (!job || !['failed', 'cancelled'].includes(job.state)) return 'unknown';
  return job.undoMode !== 'keep' || own.every(({ restoredAt }) => restoredAt !== null) ? 'undone' : 'unknown';
}

function holds(record: CrmRecord | undefined, properties: Readonly<Record<string, unknown>>): boolean {
  return (
    record !== undefined &&
    Object.entries(properties).every(([name, value]) => (record.properties[name] ?? null) === value)
  );
}
