import { MAX_EFFECTS_PER_CALL } from '@uno/workflow-contracts';
import type { EffectsPage, OutcomesReply, OutcomesRequest } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { UNDOING_STATES, holdsFence, readJobHead, shareJobLock } from '../jobs/job-lock.js';
import type { Fence, JobHead } from '../jobs/job-lock.js';
import type { StepRef } from '../pages/step-ref.js';
import { STILL_TO_REVERT, recordOf } from './effect-record.js';
import { foldRecords } from './folded-records.js';

/**
 * What a step wrote and its revert still has to take back, by record: what the job found there first and wrote there last.
 * Undefined: the job is not undone under this fence, or the step is another service's.
 */
export async function readEffectsPage(
  database: Database,
  by: Fence,
  step: StepRef,
  cursor: string,
): Promise<EffectsPage | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    if (!(await enterUndo(sql, by, step))) return undefined;
    const { items, nextCursor } = await foldRecords(sql, {
      wanted: `select distinct e.record from ${STILL_TO_REVERT} and e.page_no = $3 and e.step_no = $4 and e.record > $5
               order by e.record limit $6`,
      entries: STILL_TO_REVERT,
      params: [by.workspaceId, by.jobId, step.pageNo, step.stepNo, cursor, MAX_EFFECTS_PER_CALL + 1],
      limit: MAX_EFFECTS_PER_CALL,
    });
    return {
      workspaceId: by.workspaceId,
      items: items.map(({ target, before, after, earlier }) => ({
        ...{ target, before, after },
        ...(earlier && { earlier }),
      })) as EffectsPage['items'],
      nextCursor,
    };
  });
}

/**
 * Records how the revert of records ended, each once; what the step has not to take back is left out. Undefined: as above.
 */
export async function recordOutcomes(
  database: Database,
  by: Fence,
  step: StepRef,
  outcomes: OutcomesRequest['outcomes'],
): Promise<OutcomesReply | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const job = await enterUndo(sql, by, step);
    if (!job) return undefined;
    // One row each, in one order: two steps may report the same records at once.
    const told = new Map(outcomes.map(({ target, outcome }) => [recordOf(step.serviceId, target), outcome]));
    const records = [...told.keys()].sort();
    const recorded = await sql.rows<{ outcome: string }>(
      `insert into effect_outcome (workspace_id, job_id, record, page_no, step_no, outcome)
       select $1, $2, told.record, $3, $4, told.outcome from unnest($5::text[], $6::text[]) as told (record, outcome)
       where exists (select from ${STILL_TO_REVERT} and e.record = told.record and e.page_no = $3 and e.step_no = $4)
       order by told.record on conflict do nothing returning outcome`,
      [by.workspaceId, by.jobId, step.pageNo, step.stepNo, records, records.map((record) => told.get(record))],
    );
    if (recorded.length > 0) await countOnPage(sql, by, step.pageNo, recorded);
    if (recorded.length > 0) await appendListEvent(sql, by.workspaceId, job.list_id, { jobId: by.jobId });
    return { recorded: recorded.length };
  });
}

async function countOnPage(
  sql: Sql,
  by: Fence,
  pageNo: number,
  recorded: readonly { readonly outcome: string }[],
): Promise<void> {
  const changed = recorded.filter(({ outcome }) => outcome === 'changed_meanwhile').length;
  await sql.run(
    `update job_page set reverted = reverted + $4, changed_meanwhile = changed_meanwhile + $5
     where workspace_id = $1 and job_id = $2 and page_no = $3`,
    [by.workspaceId, by.jobId, pageNo, recorded.length - changed, changed],
  );
}

/** The job of a step that is being reverted: under its compensation's fence, for the service whose step it is. */
async function enterUndo(sql: Sql, by: Fence, step: StepRef): Promise<JobHead | undefined> {
  await shareJobLock(sql, by.jobId);
  const job = await readJobHead(sql, by);
  if (!job || !holdsFence(job, by) || !UNDOING_STATES.includes(job.state)) return undefined;
  const own = await sql.row(
    `select 1 from job_step where workspace_id = $1 and job_id = $2 and page_no = $3 and step_no = $4 and service_id = $5`,
    [by.workspaceId, by.jobId, step.pageNo, step.stepNo, step.serviceId],
  );
  return own && job;
}
