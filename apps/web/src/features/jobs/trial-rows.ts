import type { Api } from '../../api.js';
import type { Cell, JobRequest, Row } from '../../api.types.js';

/** Rows that a try fills. */
export const TRIAL_ROWS = 10;
/** Rows that are looked through for some to try: beyond them a list is as good as filled. */
const LOOKED_THROUGH = 2_000;
const ROWS_PER_REQUEST = 500;

const MISSING: readonly Cell['status'][] = ['blank', 'not_found', 'error', 'skipped'];

/** The same request for the first ten rows that it would fill; undefined where it would fill none. */
export async function trialOf(
  api: Pick<Api, 'rows'>,
  listId: string,
  request: JobRequest,
): Promise<JobRequest | undefined> {
  const rowIds =
    request.scope.type === 'rows' ? request.scope.rowIds.slice(0, TRIAL_ROWS) : await firstRows(api, listId, request);
  if (rowIds.length === 0) return undefined;
  return { ...request, scope: { type: 'rows', rowIds } };
}

async function firstRows(api: Pick<Api, 'rows'>, listId: string, request: JobRequest): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < LOOKED_THROUGH; from += ROWS_PER_REQUEST) {
    const { items, total } = await api.rows(listId, from, ROWS_PER_REQUEST);
    found.push(...items.filter((row) => wouldBeFilled(row, request)).map(({ id }) => id));
    if (found.length >= TRIAL_ROWS || from + items.length >= total) break;
  }
  return found.slice(0, TRIAL_ROWS);
}

/** Whether a job would fill a cell of the row: the server decides, this only chooses rows that are worth a try. */
export function wouldBeFilled(
  { cells }: Pick<Row, 'cells'>,
  { columnIds, scope, overwriteEdits }: JobRequest,
): boolean {
  return columnIds.some((columnId) => {
    const cell = cells[columnId];
    if (!cell) return true;
    if (cell.status === 'pending' || (cell.edited && !overwriteEdits)) return false;
    return scope.type !== 'missing' || MISSING.includes(cell.status);
  });
}
