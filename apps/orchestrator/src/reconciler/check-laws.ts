import type { JobRef } from '@uno/workflow-contracts';
import { checkJob } from '../laws/check-job.js';
import type { Sources } from '../laws/check-job.js';
import { checkLedger } from '../laws/check-ledger.js';
import { Findings } from '../laws/findings.js';
import { ALLOWANCE_SECONDS } from '../laws/law.js';
import { pendingCells } from '../laws/law-9-pending.js';
import { leftOverWorkflow, lostJobs } from '../laws/law-21-workflows.js';
import { EMPTY_LEDGER } from '../laws/ledger-fold.js';
import { readLedgerMark, writeLedgerMark } from '../laws/ledger-mark.js';
import type { WorkflowProbe } from '../laws/workflow-probe.js';
import type { Duty } from './duty.js';
import { recordViolations } from './law-violations.js';
import { Tries } from './tries.js';

/** One tick looks at so many jobs and takes so long at most; the rest is for the next one. */
const JOBS_PER_TICK = 20;
const LONGEST_MS = 5_000;

interface JobRow {
  readonly workspace_id: string;
  readonly job_id: string;
}

/**
 * Checks the laws as they go: each job when it is final or parked, workspaces whose credits may have moved, and again whatever was
 * broken at the last look. A ledger is folded on from where it was found in order; the whole of it is for `uno reconcile`.
 */
export const checkLawsDuty = (sources: Sources & { readonly probe: WorkflowProbe }): Duty => ({
  name: 'laws',
  run: async () => {
    const { database } = sources;
    const until = Date.now() + LONGEST_MS;
    const tries = new Tries();
    const audited = new Set<string>();
    const auditJobs = async (which: 'jobs_to_audit' | 'jobs_in_violation'): Promise<void> => {
      const jobs = await database.acrossWorkspaces<JobRow>(`select * from ${which}($1)`, [JOBS_PER_TICK]);
      for (const { workspace_id: workspaceId, job_id: jobId } of jobs) {
        if (Date.now() > until) return;
        // What was found broken a moment ago is among those in violation.
        if (audited.has(jobId)) continue;
        audited.add(jobId);
        await tries.of(() => auditJob(sources, { workspaceId, jobId }));
      }
    };
    await auditJobs('jobs_to_audit');
    const workspaces = await database.acrossWorkspaces<{ workspace_id: string }>('select * from workspaces_to_audit()');
    for (const { workspace_id } of workspaces) {
      if (Date.now() > until) break;
      await tries.of(() => auditWorkspace(sources, workspace_id));
    }
    // Last, so that what is known to be broken takes no time from what nobody has looked at.
    await auditJobs('jobs_in_violation');
    return tries.end();
  },
});

async function auditJob(sources: Sources & { readonly probe: WorkflowProbe }, job: JobRef): Promise<boolean> {
  const { database, probe } = sources;
  const findings = new Findings();
  await checkJob(sources, job, findings);
  const { workspaceId, jobId } = job;
  const left = (await probe.ofJob(jobId)).running;
  await database.inWorkspace(workspaceId, async (sql) => {
    const audited = await sql.row<{ overdue: boolean }>(
      `update job set audited_at = case when $3 and finished_at > now() - make_interval(secs => $4) then null else clock_timestamp() end
       where workspace_id = $1 and id = $2 returning audited_at is not null and finished_at is not null as overdue`,
      [workspaceId, jobId, left, ALLOWANCE_SECONDS],
    );
    if (left && audited?.overdue) findings.add([leftOverWorkflow(jobId)]);
  });
  await recordViolations(database, { workspaceId, scope: jobId }, findings.violations);
  return true;
}

async function auditWorkspace(sources: Sources, workspaceId: string): Promise<boolean> {
  const findings = new Findings();
  const { database } = sources;
  const from = (await readLedgerMark(database, workspaceId)) ?? EMPTY_LEDGER;
  const { mark } = await checkLedger(sources, workspaceId, findings, { from });
  // A ledger that is not in order is folded from the same place again, so that its fault stays found.
  if (findings.total === 0) await writeLedgerMark(database, workspaceId, mark);
  findings.add(await pendingCells(database, workspaceId));
  findings.add(await lostJobs(database, workspaceId));
  await recordViolations(database, { workspaceId, scope: 'workspace' }, findings.violations);
  return false;
}
