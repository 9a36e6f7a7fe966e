import { setMaxListeners } from 'node:events';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import type {
  EffectOutcome,
  EffectTarget,
  JournaledEffect,
  PageAddress,
  RevertPageResult,
} from '@uno/workflow-contracts';
import { WorkerMetrics } from '../health/worker-metrics.js';
import { WorkerLifecycle } from '../lifecycle/worker-lifecycle.js';
import { CountedRateLease } from '../page-api/counted.rate-lease.js';
import { PageApiClient } from '../page-api/page-api.client.js';
import { PAGE_API_OPTIONS, type PageApiOptions } from '../page-api/page-api.options.js';
import { RateLease } from '../page-api/rate-lease.js';
import { PageFailed } from './page-failed.js';
import { cancellationOf, ownFailure, pageFailed, unexpected, workerDraining } from './page.failures.js';
import { RETRY_BUDGET_SECONDS, type PageLimits } from './page-limits.js';
import { pageCalls, type PageCall } from './page-calls.js';

export interface RevertRunOptions extends Pick<PageLimits, 'chunkSize' | 'retryBudgetSeconds'> {
  readonly address: PageAddress;
}

/** What a handler of a revert works with. */
export interface RevertContext {
  readonly workspaceId: string;
  /** One call to a provider, by the service's rate and retry budget. Neither a pause nor a stop of the job holds it back. */
  readonly call: PageCall;
  /** Aborts when the activity is cancelled: hand it to every call. */
  readonly signal: AbortSignal;
}

/** How the revert of one record ended. */
export interface RevertOutcome {
  readonly target: EffectTarget;
  readonly outcome: EffectOutcome;
}

/**
 * Takes back the writes at some records and says of each how that ended. Throws {@link PageFailed} when the provider gives no
 * answer; a repeat gets the records that have no outcome yet, so it must also recognise what is taken back already.
 */
export type RevertHandler = (
  effects: readonly JournaledEffect[],
  context: RevertContext,
) => Promise<readonly RevertOutcome[]>;

const HEARTBEAT_MS = 1_000;

/**
 * Runs the revert of a page inside an activity: reads the effect journal, hands the records out in chunks, one after another,
 * stores their outcomes and heartbeats. The outcomes are the checkpoint.
 */
@Injectable()
export class RevertRunner {
  readonly #logger = new Logger('RevertRunner');

  constructor(
    private readonly client: PageApiClient,
    private readonly leases: RateLease,
    private readonly lifecycle: WorkerLifecycle,
    private readonly metrics: WorkerMetrics,
    @Inject(PAGE_API_OPTIONS) private readonly options: PageApiOptions,
  ) {}

  /**
   * @returns how the records ended that this attempt took back; the journal has the whole truth.
   * @throws CancelledFailure, or an ApplicationFailure of type `PageFailed`, `Superseded`, `ContractViolation` (none of them
   * retryable), `WorkerDraining` or `Unexpected` (retryable). None carries a value or a provider's words.
   */
  async run(options: RevertRunOptions, handler: RevertHandler): Promise<RevertPageResult> {
    const activity = Context.current();
    // Every call listens to it.
    setMaxListeners(0, activity.cancellationSignal);
    const counts = { reverted: 0, changedMeanwhile: 0 };
    const heartbeat = setInterval(() => activity.heartbeat(counts), HEARTBEAT_MS);
    try {
      activity.heartbeat(counts);
      await this.#revertAll(options, handler, activity.cancellationSignal, counts);
      return counts;
    } catch (error) {
      throw await this.#toFailure(error, options.address, activity);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #revertAll(
    { address, chunkSize, retryBudgetSeconds = RETRY_BUDGET_SECONDS }: RevertRunOptions,
    handler: RevertHandler,
    signal: AbortSignal,
    counts: { reverted: number; changedMeanwhile: number },
  ): Promise<void> {
    const leases = new CountedRateLease(this.leases, this.metrics);
    const call = pageCalls({ leases, signal, retryBudgetSeconds, runningMs: () => performance.now() });
    let cursor: string | null = null;
    do {
      const { items, nextCursor, workspaceId } = await this.client.readEffects(address, cursor, signal);
      for (let from = 0; from < items.length; from += chunkSize) {
        if (this.lifecycle.drainSignal.aborted) throw workerDraining();
        const chunk = items.slice(from, from + chunkSize);
        const outcomes = await handler(chunk, { workspaceId, call, signal });
        if (outcomes.length !== chunk.length) throw new Error('A revert must say of each record how it ended');
        await this.client.recordOutcomes(address, outcomes, signal);
        for (const { outcome } of outcomes) {
          if (outcome === 'restored' || outcome === 'archived') counts.reverted += 1;
          if (outcome === 'changed_meanwhile') counts.changedMeanwhile += 1;
        }
      }
      cursor = nextCursor;
    } while (cursor !== null);
  }

  async #toFailure(error: unknown, { jobId, pageNo, stepNo }: PageAddress, activity: Context): Promise<unknown> {
    if (activity.cancellationSignal.aborted) return cancellationOf(activity, this.lifecycle.drainSignal);
    const place = { service: this.options.service.id, page: pageNo, step: stepNo };
    const own = ownFailure(error, place);
    if (own) return own;
    if (error instanceof PageFailed) {
      const { code, provider } = error;
      this.#logger.warn({ msg: 'A page could not be reverted', jobId, pageNo, stepNo, code, provider });
      return pageFailed({ ...place, code });
    }
    this.#logger.error({ msg: 'A revert met an unexpected error', jobId, pageNo, stepNo }, error);
    return unexpected(error);
  }
}
