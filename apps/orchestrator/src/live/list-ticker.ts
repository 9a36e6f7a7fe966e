import type { Database } from '../database/database.js';
import type { JobView } from '../jobs/job-request.js';
import type { ListChanges } from './list-changes.js';
import type { Credits, LiveCell, LiveDelta, LiveReplay, LiveSnapshot, RowWindow } from './live-messages.js';
import { partsOf } from './delta-parts.js';
import { readTurn } from './turn.js';
import type { Answer, Place, Turn } from './turn.js';

/** The connection of one client; a socket is one. */
export interface Subscriber {
  emit(event: 'snapshot' | 'replay' | 'delta' | 'gap', message: object): unknown;
}

/** Whether the list had gone on since the last turn, and whether jobs were told of. */
export interface TurnOutcome {
  readonly moved: boolean;
  readonly jobs: boolean;
}

interface Follower extends Place {
  readonly subscriber: Subscriber;
}

/**
 * Follows one list for all of its subscribers in this process. Each turn reads all new events, the cells that they name
 * and the windows that were asked for in one snapshot transaction. So after it everybody stands at the same sequence, and
 * nobody's sequence ever goes back. The caller never lets turns overlap; one that fails has sent nothing and is repeated.
 */
export class ListTicker {
  readonly #followers = new Map<Subscriber, Follower>();
  #seq: number | undefined;

  constructor(
    private readonly database: Database,
    readonly workspaceId: string,
    readonly listId: string,
  ) {}

  get empty(): boolean {
    return this.#followers.size === 0;
  }

  /** Starts with a replay of what came after `fromSeq` where that is possible, otherwise with a snapshot. */
  subscribe(subscriber: Subscriber, window: RowWindow, fromSeq?: number): void {
    const wish = fromSeq === undefined ? ({ kind: 'snapshot' } as const) : ({ kind: 'replay', fromSeq } as const);
    const toldOf = this.#followers.get(subscriber)?.toldOf;
    this.#followers.set(subscriber, { subscriber, window, wish, toldOf, rowIds: undefined });
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#followers.delete(subscriber);
  }

  has(subscriber: Subscriber): boolean {
    return this.#followers.has(subscriber);
  }

  /** True when somebody waits for a first answer, or the list has gone on since the last turn. */
  isDue(head: number | undefined): boolean {
    return head !== this.#seq || [...this.#followers.values()].some(({ wish }) => wish !== undefined);
  }

  /** Sends the workspace's credits along with the list's sequence as it is. */
  sendCredits(credits: Credits): void {
    if (this.#seq === undefined) return;
    const delta: LiveDelta = { listId: this.listId, seq: this.#seq, cells: [], jobs: [], credits };
    for (const { subscriber, wish } of this.#followers.values()) if (!wish) subscriber.emit('delta', delta);
  }

  /** Tells every subscriber what is new. */
  async turn(): Promise<TurnOutcome> {
    const { workspaceId, listId } = this;
    const places = [...this.#followers.values()];
    const since = this.#seq;
    const turn = await this.database.inWorkspace(
      workspaceId,
      (sql) => readTurn(sql, { workspaceId, listId, since, places }),
      { snapshot: true },
    );
    this.#seq = turn?.head;
    for (const follower of places) {
      // Whoever left while this turn was read gets nothing of it; whoever moved its window gets it with the next one.
      if (this.#followers.get(follower.subscriber) !== follower) continue;
      if (turn) this.#tell(follower, turn);
      else this.#dismiss(follower);
    }
    return { moved: turn !== undefined && turn.head !== since, jobs: turn !== undefined && turn.jobs.size > 0 };
  }

  #dismiss({ subscriber }: Follower): void {
    this.#followers.delete(subscriber);
    subscriber.emit('gap', { listId: this.listId, reason: 'list_deleted' });
  }

  #tell(follower: Follower, turn: Turn<Follower>): void {
    const answer = turn.answers.get(follower);
    if (!answer) return;
    const { subscriber, window, wish } = follower;
    const rowIds = answer.kind === 'changes' ? answer.rowIds : new Set(answer.rows.map(({ id }) => id));
    this.#followers.set(subscriber, { subscriber, window, wish: undefined, toldOf: turn.head, rowIds });
    if (answer.kind === 'snapshot') subscriber.emit('snapshot', this.#snapshot(answer, window, turn));
    else if (wish?.kind === 'replay') {
      const { fromSeq } = wish;
      for (const part of partsOf(this.#delta(answer, turn), fromSeq)) {
        subscriber.emit('replay', { ...part, fromSeq } satisfies LiveReplay);
      }
    } else if (answer.changes.count > 0) {
      for (const part of partsOf(this.#delta(answer, turn), turn.since)) subscriber.emit('delta', part);
    }
  }

  #snapshot(answer: Answer & { kind: 'snapshot' }, window: RowWindow, turn: Turn<Follower>): LiveSnapshot {
    return {
      listId: this.listId,
      seq: turn.head,
      window,
      rowCount: turn.rowCount,
      rows: answer.rows,
      cells: answer.rows.flatMap(({ id }) => turn.cells.get(id) ?? []),
      jobs: [...turn.jobs.values()],
      ...(answer.structure && { structure: true }),
    };
  }

  #delta({ changes, rowIds }: Answer & { kind: 'changes' }, turn: Turn<Follower>): LiveDelta {
    return {
      listId: this.listId,
      seq: turn.head,
      cells: changedCells(changes, rowIds, turn.cells),
      jobs: [...changes.jobIds].flatMap((id): JobView[] => {
        const job = turn.jobs.get(id);
        return job ? [job] : [];
      }),
    };
  }
}

/** The named cells within a window; one that has no record is blank. */
function changedCells(
  changes: ListChanges,
  rowIds: ReadonlySet<string>,
  known: ReadonlyMap<string, readonly LiveCell[]>,
): LiveCell[] {
  const cells: LiveCell[] = [];
  for (const [rowId, columnIds] of changes.cells) {
    if (!rowIds.has(rowId)) continue;
    const current = new Map(known.get(rowId)?.map((cell) => [cell.columnId, cell]));
    for (const columnId of columnIds) cells.push(current.get(columnId) ?? blankCell(rowId, columnId));
  }
  return cells;
}

const blankCell = (rowId: string, columnId: string): LiveCell => ({
  rowId,
  columnId,
  status: 'blank',
  value: null,
  stale: false,
  version: null,
  edited: false,
});
