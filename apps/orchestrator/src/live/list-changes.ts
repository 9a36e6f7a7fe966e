import type { ListEvent } from '../database/list-events.js';

/** Several events of a list as one: what must be read again to follow them. */
export interface ListChanges {
  readonly cells: ReadonlyMap<string, ReadonlySet<string>>;
  readonly jobIds: ReadonlySet<string>;
  readonly structure: boolean;
  /** How many events were folded. */
  readonly count: number;
}

/** The columns whose configs name a column, by its id. */
export type Dependants = ReadonlyMap<string, readonly string[]>;

/**
 * Folds events. Rows named without columns have changed themselves, which clients learn like any change of structure. Beside a
 * cell that changed, those that were made from it may have become stale.
 */
export function coalesce(events: Iterable<ListEvent>, dependants: Dependants = new Map()): ListChanges {
  const cells = new Map<string, Set<string>>();
  const jobIds = new Set<string>();
  let structure = false;
  let count = 0;
  for (const { rowIds = [], columnIds = [], jobId, ...event } of events) {
    count += 1;
    if (jobId !== undefined) jobIds.add(jobId);
    if (event.structure || (rowIds.length > 0 && columnIds.length === 0)) structure = true;
    for (const rowId of rowIds) {
      const columns = cells.get(rowId) ?? new Set<string>();
      for (const columnId of columnIds) {
        for (const changed of [columnId, ...(dependants.get(columnId) ?? [])]) columns.add(changed);
      }
      cells.set(rowId, columns);
    }
  }
  return { cells, jobIds, structure, count };
}
