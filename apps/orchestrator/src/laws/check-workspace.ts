import type { JobRef } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { checkJob } from './check-job.js';
import type { Sources } from './check-job.js';
import { checkLedger } from './check-ledger.js';
import { Findings } from './findings.js';
import { SETTLED_STATES } from './job-facts.js';
import { readLedgerMark } from './ledger-mark.js';
import { openHoldLaw } from './law-4-open-holds.js';
import { pendingCells } from './law-9-pending.js';
import { workflowLaw } from './law-21-workflows.js';
import { mapConcurrently } from './map-concurrently.js';
import type { WorkflowProbe } from './workflow-probe.js';

const JOBS_PER_READ = 200;
const JOBS_AT_A_TIME = 4;

export interface WorkspaceCheck {
  readonly checked: {
    readonly jobs: number;
    readonly workflows: number;
    readonly filledCells: number;
    readonly captures: number;
    readonly ledgerEntries: number;
  };
  readonly findings: Findings;
}

/**
 * Checks every law of a workspace, from the first entry of its ledger and over all of its settled jobs. Reads only, in pages;
 * jobs that run meanwhile are judged by what must hold at every moment.
 * @throws BillingUnavailable, TemporalUnavailable
 */
export async function checkWorkspace(
  sources: Sources & { readonly probe: WorkflowProbe },
  workspaceId: string,
): Promise<WorkspaceCheck> {
  const { database, billing, probe } = sources;
  const findings = new Findings();
  const known = await readLedgerMark(database, workspaceId);
  const { entries } = await checkLedger(sources, workspaceId, findings, { ...(known && { known }) });
  for await (const { violation, settling } of openHoldLaw(database, billing, workspaceId)) {
    if (settling) findings.addSettling([violation]);
    else findings.add([violation]);
  }
  let [jobs, filledCells, captures] = [0, 0, 0];
  for await (const ids of settledJobs(database, workspaceId)) {
    await mapConcurrently(ids, JOBS_AT_A_TIME, async (jobId) => {
      const job: JobRef = { workspaceId, jobId };
      const checked = await checkJob(sources, job, findings);
      filledCells += checked.filled;
      captures += checked.captures;
    });
    jobs += ids.length;
  }
  findings.add(await pendingCells(database, workspaceId));
  const workflows = await workflowLaw(database, probe, workspaceId);
  findings.add(workflows.violations);
  findings.addSettling(workflows.settling);
  return { checked: { jobs, workflows: workflows.jobs, filledCells, captures, ledgerEntries: entries }, findings };
}

async function* settledJobs(database: Database, workspaceId: string): AsyncGenerator<string[]> {
  let after = '';
  for (;;) {
    const found = await database.inWorkspace(workspaceId, (sql) =>
      sql.rows<{ id: string }>(
        `select id from job where workspace_id = $1 and id > $2 and state = any ($4)
         order by id limit $3`,
        [workspaceId, after, JOBS_PER_READ, SETTLED_STATES],
      ),
    );
    if (found.length === 0) return;
    yield found.map(({ id }) => id);
    after = found.at(-1)?.id ?? '';
  }
}
