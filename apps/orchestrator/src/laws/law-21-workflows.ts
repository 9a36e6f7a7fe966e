import type { Database } from '../database/database.js';
import { mapConcurrently } from './map-concurrently.js';
import { ALLOWANCE_SECONDS } from './law.js';
import type { Violation } from './law.js';
import type { WorkflowProbe } from './workflow-probe.js';

/** Live and final jobs that are looked at; final ones newest first. */
const MOST_JOBS = 1_000;
const PROBES_AT_A_TIME = 8;

interface JobRow {
  readonly id: string;
  readonly final: boolean;
  readonly started: boolean;
  /** Seconds since it became what it is: final, or found without a workflow, or accepted. */
  readonly age: number;
}

export interface WorkflowFindings {
  readonly jobs: number;
  readonly violations: readonly Violation[];
  /** Not so yet, within the allowance. */
  readonly settling: readonly Violation[];
}

/**
 * L21, of a workspace: each job that is neither final nor parked has a running workflow, and no workflow of one that is runs
 * (but a parked job that is due is about to be tried again).
 * What is younger than the allowance is settling: the reconciler is about to take it over, or the workflow about to end.
 * @throws TemporalUnavailable
 */
export async function workflowLaw(
  database: Database,
  probe: WorkflowProbe,
  workspaceId: string,
): Promise<WorkflowFindings> {
  const jobs = await database.inWorkspace(workspaceId, (sql) =>
    sql.rows<JobRow>(
      `with live as (
         select j.id, false as final, j.created_at, w.missing_since from job j
         left join job_watch w on w.workspace_id = $1 and w.job_id = j.id
         where j.workspace_id = $1 and j.state not in ('completed', 'failed', 'cancelled', 'compensation_failed')
         order by j.id limit $2),
       ended as (
         select j.id, true as final, j.finished_at, null::timestamptz as missing_since from job j
         where j.workspace_id = $1 and j.state in ('completed', 'failed', 'cancelled')
         order by j.id desc limit $2),
       parked as (
         select j.id, true as final, j.parked_at, null::timestamptz as missing_since from job j
         where j.workspace_id = $1 and j.state not in ('completed', 'failed', 'cancelled')
           and j.state = 'compensation_failed' and j.next_revert_at > clock_timestamp()
         order by j.id desc limit $2)
       select id, final, extract(epoch from now() - coalesce(missing_since, created_at))::float8 as age,
         not exists (select from outbox o where o.workspace_id = $1 and o.relayed_at is null and o.topic = 'start-job'
                     and o.payload ->> 'jobId' = j.id) as started
       from (select * from live union all select * from ended union all select * from parked) j`,
      [workspaceId, MOST_JOBS],
    ),
  );
  const found = await mapConcurrently(jobs, PROBES_AT_A_TIME, async (job) => ({
    violation: await judge(probe, job),
    job,
  }));
  const standing = found.flatMap(({ violation }) => violation ?? []);
  return {
    jobs: jobs.length,
    violations: standing.filter(({ age }) => age > ALLOWANCE_SECONDS).map(({ violation }) => violation),
    settling: standing.filter(({ age }) => age <= ALLOWANCE_SECONDS).map(({ violation }) => violation),
  };
}

async function judge(
  probe: WorkflowProbe,
  { id: jobId, final, started, age }: JobRow,
): Promise<{ violation: Violation; age: number } | undefined> {
  if (!final && !started) {
    const detail = 'The job was accepted, but no workflow was started for it';
    return { violation: { law: 'L21', kind: 'job_not_started', detail, jobId }, age };
  }
  const { running, closedAt } = await probe.ofJob(jobId);
  if (running !== final) return undefined;
  if (final) return { violation: leftOverWorkflow(jobId), age };
  const closedFor = closedAt === undefined ? age : (Date.now() - closedAt.getTime()) / 1_000;
  return { violation: jobWithoutWorkflow(jobId), age: Math.min(age, closedFor) };
}

/** A workflow that runs although its job is final or parked. */
export const leftOverWorkflow = (jobId: string): Violation => ({
  ...{ law: 'L21', kind: 'workflow_left_over', jobId },
  detail: 'The job is final or parked, but a workflow of it still runs',
});

const jobWithoutWorkflow = (jobId: string): Violation => ({
  ...{ law: 'L21', kind: 'job_without_workflow', jobId },
  detail: 'The job is not final, but no workflow of it runs',
});

/** L21, of a workspace by what the reconciler noted: live jobs that are without a workflow for longer than the allowance. */
export async function lostJobs(database: Database, workspaceId: string): Promise<Violation[]> {
  const jobs = await database.inWorkspace(workspaceId, (sql) =>
    sql.rows<{ job_id: string }>(
      `select w.job_id from job_watch w join job j on j.workspace_id = w.workspace_id and j.id = w.job_id
       where w.workspace_id = $1 and w.missing_since < now() - make_interval(secs => $2)
         and j.state not in ('completed', 'failed', 'cancelled', 'compensation_failed')`,
      [workspaceId, ALLOWANCE_SECONDS],
    ),
  );
  return jobs.map(({ job_id }) => jobWithoutWorkflow(job_id));
}
