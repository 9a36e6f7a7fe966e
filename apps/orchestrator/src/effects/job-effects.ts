import type { JobRef } from '@uno/workflow-contracts';
import type { Sql } from '../database/sql.js';
import type { EffectPage, EffectQuery, EffectView } from './effect.schema.js';
import { foldRecords } from './folded-records.js';

/** The records that a job wrote at providers, and how the revert of each ended. Long values make a page shorter. */
export async function readJobEffects(
  sql: Sql,
  { workspaceId, jobId }: JobRef,
  query: EffectQuery,
): Promise<EffectPage> {
  const { limit, cursor = '', outcome = null } = query;
  const { items, nextCursor } = await foldRecords(sql, {
    wanted: `select distinct e.record from effect e
             left join effect_outcome known on known.workspace_id = $1 and known.job_id = $2 and known.record = e.record
             where e.workspace_id = $1 and e.job_id = $2 and e.record > $3
               and ($4::text is null or coalesce(known.outcome, 'open') = $4)
             order by e.record limit $5`,
    entries: 'effect e where e.workspace_id = $1 and e.job_id = $2',
    params: [workspaceId, jobId, cursor, outcome, limit + 1],
    limit,
  });
  const outcomes = await sql.rows<{ record: string; outcome: EffectView['outcome'] }>(
    'select record, outcome from effect_outcome where workspace_id = $1 and job_id = $2 and record = any ($3)',
    [workspaceId, jobId, items.map(({ record }) => record)],
  );
  const outcomeOf = new Map(outcomes.map((known) => [known.record, known.outcome]));
  return {
    items: items.map(({ record, earlier: _, ...item }) => ({ ...item, outcome: outcomeOf.get(record) ?? null })),
    nextCursor,
  };
}
