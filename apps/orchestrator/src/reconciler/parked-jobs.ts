import { Logger } from '@nestjs/common';
import type { CompensationCause } from '@uno/workflow-contracts';
import type { Duty } from './duty.js';
import type { LostWorkflows } from './lost-workflows.js';
import { Tries } from './tries.js';

const JOBS_PER_TICK = 100;

/** A job that was undone keeps its first target and failure. */
const CAUSE: CompensationCause = { target: 'failed' };

interface ParkedJob {
  readonly workspace_id: string;
  readonly job_id: string;
  readonly owner: string | null;
  readonly fence: number;
}

const log = new Logger('Reconciler');

/**
 * Rule R8: an undo that is parked because a provider refuses is tried again when it is due (when that is stands with the job).
 * The try takes the job over by compare-and-set from the owner and fence that were read, and is the whole undo once more.
 */
export const parkedJobsDuty = ({ database, probe, starter }: LostWorkflows): Duty => ({
  name: 'parked-jobs',
  run: async () => {
    const tries = new Tries();
    const due = await database.acrossWorkspaces<ParkedJob>('select * from parked_jobs_due($1)', [JOBS_PER_TICK]);
    for (const { workspace_id: workspaceId, job_id: jobId, owner, fence } of due) {
      await tries.of(async () => {
        // It is parked, but the workflow that parked it has not ended yet, or the next try waits for a worker.
        if ((await probe.ofJob(jobId)).running) return false;
        await starter.compensate({ workspaceId, jobId }, { owner, fence }, CAUSE);
        log.warn({ msg: 'A parked undo is tried again', jobId, workspaceId, fence });
        return true;
      });
    }
    return tries.end();
  },
});
