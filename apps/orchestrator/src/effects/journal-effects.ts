import { MAX_EFFECT_BYTES } from '@uno/workflow-contracts';
import type { Effect, EffectsReply } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import type { Fence } from '../jobs/job-lock.js';
import { enterOpenPage } from '../pages/page-lock.js';
import type { PageHead } from '../pages/page-lock.js';
import { stepContext } from '../pages/settle-cells.js';
import type { StepRef } from '../pages/step-ref.js';
import { invalidRequest } from '../problems/problem.error.js';
import type { FieldProblem } from '../problems/problem.error.js';
import { recordOf } from './effect-record.js';

/**
 * Journals external writes that are about to be made, each call one more try of them: under the fence, on an open page, for a
 * step of the own service, as results are settled. What a fence leaves behind is therefore complete: nothing can be
 * journaled after it, so nothing may be written.
 * @returns undefined when the fence is old or the page is sealed: nothing was journaled, and nothing may be written
 * @throws ProblemError 422 for a row or column that the step does not have
 */
export async function journalEffects(
  database: Database,
  by: Fence,
  step: StepRef,
  effects: readonly Effect[],
): Promise<EffectsReply | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const entered = await enterOpenPage(sql, by, step.pageNo);
    if (!entered) return undefined;
    const context = await stepContext(sql, by, step);
    if (!context) return undefined;
    const rowIds = await rowsOfPage(sql, by, { listId: entered.job.list_id, page: entered.page, effects });
    const faults = effects.flatMap(({ rowId, columnId }, index): FieldProblem[] => [
      ...(rowIds.has(rowId) ? [] : [{ pointer: `/effects/${index}/rowId`, detail: 'is no row of this page' }]),
      ...(context.prices.has(columnId)
        ? []
        : [{ pointer: `/effects/${index}/columnId`, detail: 'is no column of this step' }]),
    ]);
    if (faults.length > 0) throw invalidRequest(faults.slice(0, 20));
    const records = effects.map(({ target }) => recordOf(step.serviceId, target));
    await insert(sql, by, step, { effects, records });
    const keys = effects.map(({ key }) => key);
    return { control: entered.job.control, effects: await existedBefore(sql, by, { records, keys }) };
  });
}

/** What the schema cannot say: how much `before` and `after` may hold together. */
export function tooLargeEffects(effects: readonly Effect[]): FieldProblem[] {
  return effects.flatMap(({ before, after }, index) => {
    const bytes = Buffer.byteLength(JSON.stringify(before)) + Buffer.byteLength(JSON.stringify(after));
    if (bytes <= MAX_EFFECT_BYTES) return [];
    return [
      { pointer: `/effects/${index}`, detail: `before and after have at most ${MAX_EFFECT_BYTES} bytes together` },
    ];
  });
}

async function rowsOfPage(
  sql: Sql,
  by: Fence,
  of: { readonly listId: string; readonly page: PageHead; readonly effects: readonly Effect[] },
): Promise<ReadonlySet<string>> {
  const rows = await sql.rows<{ id: string }>(
    `select id from list_row
     where workspace_id = $1 and id = any ($2) and list_id = $3 and row_no between $4 and $5`,
    [by.workspaceId, of.effects.map(({ rowId }) => rowId), of.listId, of.page.from_row_no, of.page.to_row_no],
  );
  return new Set(rows.map(({ id }) => id));
}

async function insert(
  sql: Sql,
  by: Fence,
  step: StepRef,
  { effects, records }: { readonly effects: readonly Effect[]; readonly records: readonly string[] },
): Promise<void> {
  await sql.run(
    `insert into effect (workspace_id, job_id, page_no, step_no, service_id, row_id, column_id, record, key, target, before, after)
     select $1, $2, $3, $4, $5, e.row_id, e.column_id, e.record, e.key, e.target, e.before, e.after
     from unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::jsonb[], $12::jsonb[])
       with ordinality as e (row_id, column_id, record, key, target, before, after, no) order by e.no`,
    [
      ...[by.workspaceId, by.jobId, step.pageNo, step.stepNo, step.serviceId],
      effects.map(({ rowId }) => rowId),
      effects.map(({ columnId }) => columnId),
      records,
      effects.map(({ key }) => key),
      effects.map(({ target }) => JSON.stringify(target)),
      effects.map(({ before }) => (before === null ? null : JSON.stringify(before))),
      effects.map(({ after }) => JSON.stringify(after)),
    ],
  );
}

/** Of each write, whether its record was there before the first try of it: one that this job had made counts as there. */
async function existedBefore(
  sql: Sql,
  by: Fence,
  { records, keys }: { readonly records: readonly string[]; readonly keys: readonly string[] },
): Promise<EffectsReply['effects']> {
  return sql.rows(
    `select first.existed as "existedBefore"
     from unnest($3::text[], $4::text[]) with ordinality as wanted (record, key, no)
     cross join lateral (select before is not null as existed from effect e
       where e.workspace_id = $1 and e.job_id = $2 and e.record = wanted.record and e.key = wanted.key
       order by e.id limit 1) first
     order by wanted.no`,
    [by.workspaceId, by.jobId, records, keys],
  );
}
