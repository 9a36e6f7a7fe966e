import { Injectable } from '@nestjs/common';
import type { CompensationCause, JobRef } from '@uno/workflow-contracts';
import { BillingClient } from '../billing/billing.client.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { holdCredits, releaseHold, sealAndCapture } from '../jobs/job-credits.js';
import type { Money } from '../jobs/job-credits.js';
import type { Fence } from '../jobs/job-lock.js';
import { beginJob, completeJob, fenceJob, finishJob, readStages } from '../jobs/job-state.js';
import type { BegunJob, FencedJob, JobEnd, StageOutline } from '../jobs/job-state.js';
import type { RevertRefusal } from '../jobs/park-job.js';
import { refundCaptures, restorePages } from '../jobs/undo-credits.js';
import { openPage } from '../pages/open-page.js';
import type { OpenedPage } from '../pages/open-page.js';
import { alive } from './alive.js';

/** What workflows may know of the orchestrator's code: these shapes, as types. */
export type { BegunJob, Fence, FencedJob, OpenedPage, RevertRefusal, StageOutline };

/**
 * The steps of a job. Each is one transaction, or one call to billing between two; each checks the job's fence and is
 * idempotent, so that Temporal may run it again at any time. What is done and what undoes it stand together.
 */
@Injectable()
export class JobActivities {
  readonly #money: Money;
  readonly #holdTtlSeconds: number;

  constructor(
    private readonly database: Database,
    billing: BillingClient,
    config: Config,
  ) {
    this.#money = { database, billing };
    this.#holdTtlSeconds = config.holdTtlSeconds;
  }

  async beginJob(input: JobRef & { readonly runId: string }): Promise<BegunJob | null> {
    return alive(() => beginJob(this.database, input, input.runId));
  }

  async readStages(input: JobRef): Promise<StageOutline[]> {
    return alive(() => readStages(this.database, input));
  }

  async holdCredits(by: Fence): Promise<void> {
    await alive(() => holdCredits(this.#money, by, this.#holdTtlSeconds));
  }

  /** Undoes {@link holdCredits}. */
  async releaseHold(by: JobRef): Promise<void> {
    await alive(() => releaseHold(this.#money, by));
  }

  async openPage(input: Fence & { readonly pageNo: number }): Promise<OpenedPage> {
    return alive(() => openPage(this.database, input, input.pageNo));
  }

  /** Undoes {@link openPage} and everything that was settled on the pages since. */
  async restorePages(
    input: Fence & { readonly mode: 'rollback' | 'keep'; readonly fromPage: number },
  ): Promise<number | null> {
    return alive(() => restorePages(this.#money, input, { mode: input.mode, fromPage: input.fromPage }));
  }

  async sealAndCapture(input: Fence & { readonly pageNos: readonly number[] }): Promise<void> {
    await alive(() => sealAndCapture(this.#money, input, input.pageNos));
  }

  /** Undoes {@link sealAndCapture} for every capture that billing lists. */
  async refundCaptures(by: Fence): Promise<void> {
    await alive(() => refundCaptures(this.#money, by));
  }

  async completeJob(by: Fence): Promise<void> {
    await alive(() => completeJob(this.database, by));
  }

  async finishJob({ refusal, ...by }: Fence & { readonly refusal?: RevertRefusal }): Promise<JobEnd> {
    return alive(() => finishJob(this.database, by, refusal));
  }

  async fenceJob(
    input: Fence & { readonly compensator: string; readonly cause: CompensationCause },
  ): Promise<FencedJob> {
    return alive(() => fenceJob(this.database, input, input.compensator, input.cause));
  }
}
