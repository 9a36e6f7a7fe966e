import { SUPERSEDED } from '@uno/workflow-contracts';
import { z } from 'zod';
import type { Database } from '../database/database.js';
import type { Fence } from '../jobs/job-lock.js';
import { id } from '../openapi/paging.schema.js';
import { conflict, notFound } from '../problems/problem.error.js';
import type { ProblemError } from '../problems/problem.error.js';

const number = z.coerce.number().int().nonnegative().max(2_000_000_000);
/** The path of a step in the Page API. */
export const stepPath = z.object({ jobId: id, pageNo: number, stepNo: number });
export type StepPath = z.infer<typeof stepPath>;
export const fenceQuery = z.object({ fence: number });
export type FenceQuery = z.infer<typeof fenceQuery>;

/** A step as a worker addresses it. */
export interface StepRef extends StepPath {
  readonly fence: number;
  readonly serviceId: string;
}

const JOBS_REMEMBERED = 10_000;
/** A job never changes its workspace. */
const workspacesOf = new WeakMap<Database, Map<string, string>>();

/**
 * The fence that a worker claims to hold, in the workspace of the job.
 * @throws ProblemError 404 when there is no such job
 */
export async function fenceOf(database: Database, { jobId, fence }: Pick<StepRef, 'jobId' | 'fence'>): Promise<Fence> {
  const known = workspacesOf.get(database) ?? new Map<string, string>();
  workspacesOf.set(database, known);
  const workspaceId = known.get(jobId) ?? (await workspaceOf(database, jobId));
  if (known.size >= JOBS_REMEMBERED) known.clear();
  known.set(jobId, workspaceId);
  return { workspaceId, jobId, fence };
}

async function workspaceOf(database: Database, jobId: string): Promise<string> {
  const [row] = await database.acrossWorkspaces<{ workspace_id: string | null }>(
    'select job_workspace($1) as workspace_id',
    [jobId],
  );
  if (!row?.workspace_id) throw notFound('job');
  return row.workspace_id;
}

/** 409 to a worker whose step is not its business any more: it stops and does not try again. */
export const gone = (detail = 'The page is sealed, or the job belongs to somebody else now.'): ProblemError =>
  conflict(SUPERSEDED, detail);
