import { Logger } from '@nestjs/common';
import type { CompensationCause } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { mapConcurrently } from '../laws/map-concurrently.js';
import type { WorkflowProbe } from '../laws/workflow-probe.js';
import type { JobStarter } from '../outbox/job-starter.js';
import type { Duty } from './duty.js';
import { noteMissing, notePresent, noteTakeover } from './job-watch.js';
import type { WatchedJob } from './job-watch.js';
import { Tries } from './tries.js';

const JOBS_PER_READ = 200;
const PROBES_AT_A_TIME = 8;

/** An acknowledged cancel wins over it, and a job that was being undone keeps its first cause: the fence decides. */
const CAUSE: CompensationCause = { target: 'failed', failure: { code: 'workflow_lost' } };

export interface LostWorkflows {
  readonly database: Database;
  readonly probe: WorkflowProbe;
  readonly starter: JobStarter;
}

/**
 * Rule R10: a live job whose workflow is missing or closed at two ticks in a row is compensated from outside. That takes the
 * job over by compare-and-set from the owner and fence that were read before the workflow was asked for, so a job that
 * moved meanwhile is left alone. It covers a workflow that was terminated, an undo that was, and a Temporal server that
 * lost its last moment or its whole database.
 */
export const lostWorkflowsDuty = (parts: LostWorkflows): Duty => ({
  name: 'lost-workflows',
  run: async (tick) => {
    const tries = new Tries();
    for await (const jobs of jobsToWatch(parts.database)) {
      await mapConcurrently(jobs, PROBES_AT_A_TIME, (job) => tries.of(() => takeOverIfLost(parts, job, tick)));
    }
    return tries.end();
  },
});

async function* jobsToWatch(database: Database): AsyncGenerator<WatchedJob[]> {
  for (let after = ''; ;) {
    const jobs = await database.acrossWorkspaces<WatchedJob>('select * from jobs_to_watch($1, $2)', [
      after,
      JOBS_PER_READ,
    ]);
    if (jobs.length === 0) return;
    yield jobs;
    after = jobs.at(-1)?.job_id ?? '';
  }
}

const log = new Logger('Reconciler');

async function takeOverIfLost(
  { database, probe, starter }: LostWorkflows,
  job: WatchedJob,
  tick: string,
): Promise<boolean> {
  const { job_id: jobId, workspace_id: workspaceId, owner, fence, missing } = job;
  if ((await probe.ofJob(jobId)).running) {
    if (missing) await notePresent(database, job);
    return false;
  }
  if (!(await noteMissing(database, job, tick))) return false;
  await starter.compensate({ workspaceId, jobId }, { owner, fence }, CAUSE);
  await noteTakeover(database, job);
  log.warn({ msg: 'A job without a workflow is compensated', jobId, workspaceId, fence });
  return true;
}
