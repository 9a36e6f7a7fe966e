import type { Sql } from '../database/sql.js';
import { jobViews } from '../jobs/job-view.js';
import type { JobView } from '../jobs/job-request.js';
import { coalesce } from './list-changes.js';
import type { ListChanges } from './list-changes.js';
import { ListReader } from './list-reader.js';
import type { SequencedEvent } from './list-reader.js';
import type { LiveCell, LiveRow, RowWindow } from './live-messages.js';

/** With more events than this since what a client saw, a snapshot is the smaller answer. */
export const MAX_REPLAYED_EVENTS = 2_000;

/** What a follower is owed besides the deltas: its first snapshot or replay, or the snapshot of a new window. */
export type Wish = { readonly kind: 'snapshot' } | { readonly kind: 'replay'; readonly fromSeq: number };

/** A client's place in a list, as a turn meets it. */
export interface Place {
  readonly window: RowWindow;
  readonly wish: Wish | undefined;
  /** The sequence that this client was told of last; it has missed a turn if it moved its window meanwhile. */
  readonly toldOf: number | undefined;
  /** The rows of the window; unknown until the first turn. */
  readonly rowIds: ReadonlySet<string> | undefined;
}

/** What one place is told by a turn. */
export type Answer =
  | { readonly kind: 'snapshot'; readonly rows: readonly LiveRow[]; readonly structure: boolean }
  | { readonly kind: 'changes'; readonly changes: ListChanges; readonly rowIds: ReadonlySet<string> };

/** All that one turn read, as of one moment. */
export interface Turn<P extends Place> {
  /** The sequence that places without a wish had been told of before. */
  readonly since: number;
  readonly head: number;
  readonly rowCount: number;
  readonly answers: ReadonlyMap<P, Answer>;
  readonly cells: ReadonlyMap<string, readonly LiveCell[]>;
  readonly jobs: ReadonlyMap<string, JobView>;
}

export interface TurnRequest<P extends Place> {
  readonly workspaceId: string;
  readonly listId: string;
  /** The sequence that places without a wish have been told of; undefined before the first turn. */
  readonly since: number | undefined;
  readonly places: readonly P[];
}

/**
 * Reads what all places of a list are to be told next. To be run in a snapshot transaction: events, rows, cells and job
 * totals then belong to the same moment. Undefined when the list does not exist (any more).
 */
export async function readTurn<P extends Place>(sql: Sql, request: TurnRequest<P>): Promise<Turn<P> | undefined> {
  const reader = new ListReader(sql, request);
  const head = await reader.head();
  if (head === undefined) return undefined;
  const since = request.since ?? head;
  const changesAfter = await readChanges(reader, head, [since, ...request.places.map((place) => seenBy(place, since))]);

  const answers = new Map<P, Answer>();
  const rowsOf = memoize(
    ({ from, count }: RowWindow) => `${from}:${count}`,
    (window) => reader.rows(window),
  );
  for (const place of request.places) {
    const changes = changesAfter(seenBy(place, since));
    if (place.wish?.kind !== 'snapshot' && changes && !changes.structure) {
      const rowIds = place.rowIds ?? new Set((await rowsOf(place.window)).map(({ id }) => id));
      answers.set(place, { kind: 'changes', changes, rowIds });
    } else {
      const structure = place.wish?.kind !== 'snapshot' || (changes?.structure ?? true);
      answers.set(place, { kind: 'snapshot', rows: await rowsOf(place.window), structure });
    }
  }
  const told = [...answers.values()];
  const snapshots = told.some(({ kind }) => kind === 'snapshot');
  const jobIds = new Set([...told.flatMap(jobsOf), ...(snapshots ? await reader.currentJobIds() : [])]);
  const jobs = await jobViews(sql, request.workspaceId, [...jobIds]);
  return {
    since,
    head,
    answers,
    rowCount: snapshots ? await reader.rowCount() : 0,
    cells: byRow(await reader.cells([...new Set(told.flatMap(rowsToRead))])),
    jobs: new Map(jobs.map((job) => [job.id, job])),
  };
}

const seenBy = ({ wish, toldOf }: Place, since: number): number =>
  wish?.kind === 'replay' ? wish.fromSeq : (toldOf ?? since);

const jobsOf = (answer: Answer): string[] => (answer.kind === 'changes' ? [...answer.changes.jobIds] : []);

const rowsToRead = (answer: Answer): string[] =>
  answer.kind === 'snapshot'
    ? answer.rows.map(({ id }) => id)
    : [...answer.changes.cells.keys()].filter((rowId) => answer.rowIds.has(rowId));

/**
 * The changes after each of these sequences, from one read. Undefined where they cannot be told without a gap: events
 * are forgotten after a day, there may be too many, or the client may speak of another database's sequence.
 */
async function readChanges(
  reader: ListReader,
  head: number,
  seen: readonly number[],
): Promise<(after: number) => ListChanges | undefined> {
  const replayable = (after: number): boolean => after <= head && head - after <= MAX_REPLAYED_EVENTS;
  const oldest = Math.min(head, ...seen.filter(replayable));
  const events: SequencedEvent[] = oldest < head ? await reader.eventsAfter(oldest) : [];
  const dependants = events.length > 0 ? await reader.dependants() : new Map<string, string[]>();
  return memoize(String, (after: number) => {
    const wanted = events.filter(({ seq }) => seq > after);
    if (!replayable(after) || wanted.length !== head - after) return undefined;
    return coalesce(
      wanted.map(({ payload }) => payload),
      dependants,
    );
  });
}

function byRow(cells: readonly LiveCell[]): Map<string, LiveCell[]> {
  const rows = new Map<string, LiveCell[]>();
  for (const cell of cells) {
    const row = rows.get(cell.rowId);
    if (row) row.push(cell);
    else rows.set(cell.rowId, [cell]);
  }
  return rows;
}

function memoize<In, Out>(key: (input: In) => string, work: (input: In) => Out): (input: In) => Out {
  const known = new Map<string, Out>();
  return (input) => {
    const name = key(input);
    if (!known.has(name)) known.set(name, work(input));
    return known.get(name) as Out;
  };
}
