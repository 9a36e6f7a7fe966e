import { Injectable, Logger } from '@nestjs/common';
import { BillingClient } from '../billing/billing.client.js';
import { Database } from '../database/database.js';
import { renewHolds } from '../jobs/renew-holds.js';
import { BillingAuditClient } from '../laws/billing-audit.client.js';
import { WorkflowProbe } from '../laws/workflow-probe.js';
import { JobStarter } from '../outbox/job-starter.js';
import { TemporalClient } from '../outbox/temporal-client.js';
import { absentServicesDuty } from './absent-services.js';
import { checkLawsDuty } from './check-laws.js';
import type { Duty } from './duty.js';
import { lostWorkflowsDuty } from './lost-workflows.js';
import { orphanHoldsDuty } from './orphan-holds.js';
import { parkedJobsDuty } from './parked-jobs.js';
import { ReconcilerMetrics } from './reconciler-metrics.js';

/** Rule R10: finds what nobody else would, and mends it. */
@Injectable()
export class Reconciler {
  readonly #log = new Logger('Reconciler');
  /** What helps a job comes first, what only looks comes last. */
  readonly #duties: readonly Duty[];

  constructor(
    database: Database,
    billing: BillingClient,
    audit: BillingAuditClient,
    probe: WorkflowProbe,
    starter: JobStarter,
    temporal: TemporalClient,
    private readonly metrics: ReconcilerMetrics,
  ) {
    this.#duties = [
      { name: 'renew-holds', run: () => renewHolds({ database, billing }) },
      lostWorkflowsDuty({ database, probe, starter }),
      parkedJobsDuty({ database, probe, starter }),
      absentServicesDuty(database, temporal.client),
      orphanHoldsDuty({ database, audit, billing }),
      checkLawsDuty({ database, billing: audit, probe }),
    ];
  }

  /**
   * One tick: every duty, one after another. One that fails does not stop the others.
   * @returns what each duty did; a duty that failed is absent
   */
  async tick(id: string): Promise<Record<string, number>> {
    const done: Record<string, number> = {};
    for (const duty of this.#duties) {
      const { name } = duty;
      try {
        const count = await duty.run(id);
        done[name] = count;
        this.metrics.done.inc({ duty: name }, count);
      } catch (error) {
        this.metrics.failures.inc({ duty: name });
        this.#log.warn({ msg: 'A duty is tried again at the next tick', duty: name, error: nameOf(error) });
      }
    }
    this.metrics.lastTick.setToCurrentTime();
    return done;
  }
}

/** Its class says enough; messages of databases and servers may quote data. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.constructor.name : 'unknown');
