import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Database } from '../database/database.js';
import type { Violation } from '../laws/law.js';

/** What was looked at: a job by its id, or all else of the workspace. */
export type Scope = 'workspace' | (string & {});

const log = new Logger('Laws');

/** Keeps what a look found, and drops what it did not find again. Each new violation is an error in the log, ids only. */
export async function recordViolations(
  database: Database,
  { workspaceId, scope }: { readonly workspaceId: string; readonly scope: Scope },
  violations: readonly Violation[],
): Promise<void> {
  const found = new Map(violations.map((violation) => [identityOf(violation), violation]));
  const ids = [...found.keys()];
  const fresh = await database.inWorkspace(workspaceId, async (sql) => {
    await sql.run('delete from law_violation where workspace_id = $1 and scope = $2 and id <> all ($3)', [
      workspaceId,
      scope,
      ids,
    ]);
    if (ids.length === 0) return [];
    return sql.rows<{ id: string }>(
      `insert into law_violation (workspace_id, id, scope, law, kind, ids)
       select $1, id, $2, law, kind, ids from unnest($3::text[], $4::text[], $5::text[], $6::jsonb[]) as v (id, law, kind, ids)
       on conflict do nothing returning id`,
      [
        workspaceId,
        scope,
        ids,
        [...found.values()].map(({ law }) => law),
        [...found.values()].map(({ kind }) => kind),
        [...found.values()].map((violation) => JSON.stringify(idsOf(violation))),
      ],
    );
  });
  for (const { id } of fresh) log.error({ msg: 'A law is broken', workspaceId, ...found.get(id) });
}

const idsOf = ({ law: _law, kind: _kind, detail: _detail, ...ids }: Violation): object => ids;

/** The same difference found again has the same id, also where its numbers have grown. */
const identityOf = (violation: Violation): string =>
  createHash('sha256')
    .update(JSON.stringify([violation.law, violation.kind, idsOf(violation)]))
    .digest('hex');
