import type { Database } from '../database/database.js';
import { SETTLED_STATES } from './job-facts.js';
import type { Violation } from './law.js';

/** Read at most: more would say no more. */
const LIMIT = 1_000;

interface PendingCell {
  readonly row_id: string;
  readonly column_id: string;
  readonly job_id: string;
  readonly page_no: number | null;
  readonly state: string | null;
  readonly page_state: string | null;
}

/**
 * L9, of a workspace in one snapshot: no cell is pending under a job that is final, parked in its undo, or gone, nor on a
 * page that is not open, which nothing will ever settle.
 */
export async function pendingCells(database: Database, workspaceId: string): Promise<Violation[]> {
  const cells = await database.inWorkspace(workspaceId, (sql) =>
    sql.rows<PendingCell>(
      `select c.row_id, c.column_id, c.job_id, c.page_no, j.state, p.state as page_state
       from cell c
       left join job j on j.workspace_id = $1 and j.id = c.job_id
       left join job_page p on p.workspace_id = $1 and p.job_id = c.job_id and p.page_no = c.page_no
       where c.workspace_id = $1 and c.status = 'pending' and (
         j.state is null or j.state = any ($3) or p.state is distinct from 'open')
       limit $2`,
      [workspaceId, LIMIT, SETTLED_STATES],
    ),
  );
  return cells.map(({ row_id, column_id, job_id, page_no, state, page_state }) => {
    const ended = state === null || SETTLED_STATES.includes(state);
    return {
      ...{ law: 'L9', kind: ended ? 'pending_of_ended_job' : 'pending_on_closed_page', jobId: job_id },
      detail: ended
        ? `The cell is pending, but its job is ${state ?? 'unknown'}`
        : `The cell is pending, but its page is ${page_state ?? 'unknown'}`,
      ...{ rowId: row_id, columnId: column_id },
      ...(page_no !== null && { pageNo: page_no }),
    };
  });
}
