import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ProblemError } from '../problems/problem.error.js';
import { BillingAuditClient } from './billing-audit.client.js';
import { checkWorkspace } from './check-workspace.js';
import { LAWS, LAW_IDS } from './law.js';
import type { ReconciliationView } from './reconciliation.schema.js';
import { WorkflowProbe } from './workflow-probe.js';

/** Checks under way in one process; each reads much, in small pages. */
const MOST_AT_A_TIME = 2;
const RETRY_AFTER_SECONDS = 5;

/** Checks the laws of a workspace on demand. */
@Injectable()
export class ReconciliationsService {
  readonly #underWay = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly billing: BillingAuditClient,
    private readonly probe: WorkflowProbe,
  ) {}

  /** @throws ProblemError 429 while the workspace, or too many others, are being checked; BillingUnavailable, TemporalUnavailable */
  async reconcile(workspaceId: string): Promise<ReconciliationView> {
    if (this.#underWay.has(workspaceId) || this.#underWay.size >= MOST_AT_A_TIME) {
      throw new ProblemError(
        429,
        'reconciliation_running',
        'A reconciliation is under way. Try again when it is done.',
        {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        },
      );
    }
    this.#underWay.add(workspaceId);
    try {
      return await this.#check(workspaceId);
    } finally {
      this.#underWay.delete(workspaceId);
    }
  }

  async #check(workspaceId: string): Promise<ReconciliationView> {
    const { database, billing, probe } = this;
    const { checked, findings } = await checkWorkspace({ database, billing, probe }, workspaceId);
    return {
      checked,
      laws: LAW_IDS.map((law) => ({ law, title: LAWS[law], differences: findings.count(law) })),
      differenceCount: findings.total,
      differences: [...findings.violations],
      settling: [...findings.settling],
    };
  }
}
