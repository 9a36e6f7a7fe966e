import type { SettleRequest } from '@uno/workflow-contracts';
import type { Sql } from '../database/sql.js';
import type { Fence } from '../jobs/job-lock.js';

export type Memories = NonNullable<SettleRequest['memories']>;

/**
 * Keeps what a service wants to know again about rows that it was given on this page. Of a row that was changed since its cells
 * were claimed nothing is kept: it may be about somebody else by now. A repeat writes the same again.
 */
export async function rememberRows(
  sql: Sql,
  by: Fence,
  step: { readonly pageNo: number; readonly serviceId: string; readonly columnIds: readonly string[] },
  memories: Memories,
): Promise<void> {
  if (memories.length === 0) return;
  const latest = new Map(memories.map(({ rowId, memory }) => [rowId, JSON.stringify(memory)]));
  await sql.run(
    `insert into row_memory (workspace_id, row_id, service_id, memory, identity_digest)
     select $1, r.id, $2, told.memory::jsonb, identity_digest(r.entity, j.plan -> 'identity')
     from unnest($6::text[], $7::text[]) as told (row_id, memory)
     join list_row r on r.workspace_id = $1 and r.id = told.row_id and r.deleted_at is null
     join job j on j.workspace_id = $1 and j.id = $3
     where exists (select from cell c where c.workspace_id = $1 and c.row_id = r.id and c.job_id = $3 and c.page_no = $4
                     and c.column_id = any ($5) and c.claimed_from = r.entity_version)
     order by r.id
     on conflict (workspace_id, row_id, service_id) do update
       set memory = excluded.memory, identity_digest = excluded.identity_digest, updated_at = now()`,
    [by.workspaceId, step.serviceId, by.jobId, step.pageNo, step.columnIds, [...latest.keys()], [...latest.values()]],
  );
}
