import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { awaitEndOfFills } from '../effects/ended-fill-children.js';
import { stepsToRevert } from '../effects/steps-to-revert.js';
import type { StepToRevert } from '../effects/steps-to-revert.js';
import type { Fence } from '../jobs/job-lock.js';
import { TemporalClient } from '../outbox/temporal-client.js';
import { alive } from './alive.js';

export type { StepToRevert };

export interface DueReverts {
  readonly steps: readonly StepToRevert[];
  /** More than one workflow takes on: the next goes on with them. */
  readonly more: boolean;
  /** How long the revert of a step may take. */
  readonly budgetSeconds: number;
}

/** What the undo of external effects asks of the orchestrator; the teams' own workflows do the rest. */
@Injectable()
export class RevertActivities {
  readonly #budgetSeconds: number;

  constructor(
    private readonly database: Database,
    private readonly temporal: TemporalClient,
    config: Config,
  ) {
    this.#budgetSeconds = config.revertBudgetSeconds;
  }

  /**
   * The steps whose writes at a provider are to be taken back, once none of them can still be writing there.
   * @throws `Superseded` when the fence is old
   */
  async dueReverts(by: Fence): Promise<DueReverts> {
    return alive(async () => {
      const due = await stepsToRevert(this.database, by);
      await awaitEndOfFills(this.temporal.client, by.jobId, due);
      return { steps: due.steps, more: due.more, budgetSeconds: this.#budgetSeconds };
    });
  }
}
