import { testTemporal } from '@uno/testing';
import type { Config } from '../src/config/config.js';
import { BillingAuditClient } from '../src/laws/billing-audit.client.js';
import { checkJob } from '../src/laws/check-job.js';
import { checkWorkspace } from '../src/laws/check-workspace.js';
import type { WorkspaceCheck } from '../src/laws/check-workspace.js';
import { Findings } from '../src/laws/findings.js';
import { pendingCells } from '../src/laws/law-9-pending.js';
import { WorkflowProbe } from '../src/laws/workflow-probe.js';
import { TemporalClient } from '../src/outbox/temporal-client.js';
import type { BillingProcess } from './billing-process.js';
import type { JobFixture } from './job-fixture.js';

export interface Checker {
  readonly audit: BillingAuditClient;
  readonly probe: WorkflowProbe;
  check(fixture: JobFixture): Promise<WorkspaceCheck>;
  /** Law and kind of all that is found, each once, of all or of one job: `L6 captured_not_filled`. */
  found(fixture: JobFixture, jobId?: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** The checker over a real billing and a real Temporal server. */
export async function startChecker(billing: BillingProcess): Promise<Checker> {
  const { address, namespace, close } = await testTemporal();
  await close();
  const temporal = new TemporalClient({ temporalConnection: { address }, temporalNamespace: namespace } as Config);
  const audit = new BillingAuditClient(billing.config as Config);
  const probe = new WorkflowProbe(temporal);
  const check: Checker['check'] = ({ database, workspaceId }) =>
    checkWorkspace({ database, billing: audit, probe }, workspaceId);
  return {
    audit,
    probe,
    check,
    found: async (fixture, jobId) => {
      const findings = new Findings();
      if (jobId === undefined) findings.add((await check(fixture)).findings.violations);
      else {
        await checkJob(
          { database: fixture.database, billing: audit },
          { workspaceId: fixture.workspaceId, jobId },
          findings,
        );
        const pending = await pendingCells(fixture.database, fixture.workspaceId);
        findings.add(pending.filter((violation) => violation.jobId === jobId));
      }
      return [...new Set(findings.violations.map(({ law, kind }) => `${law} ${kind}`))].sort();
    },
    stop: () => temporal.onModuleDestroy(),
  };
}
