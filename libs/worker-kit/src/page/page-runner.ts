import { Inject, Injectable, Logger } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import type {
  CellResult,
  Effect,
  EffectsReply,
  FillPageResult,
  OpenRow,
  PageAddress,
  RowMemory,
  StepPage,
} from '@uno/workflow-contracts';
import { WorkerMetrics } from '../health/worker-metrics.js';
import { WorkerLifecycle } from '../lifecycle/worker-lifecycle.js';
import { ControlStream } from '../page-api/control.stream.js';
import { PageApiClient } from '../page-api/page-api.client.js';
import { PAGE_API_OPTIONS, type PageApiOptions } from '../page-api/page-api.options.js';
import { RateLease } from '../page-api/rate-lease.js';
import { CallShares } from './call-shares.js';
import { CallSpread } from './call-spread.js';
import { PageAttempt } from './page-attempt.js';
import type { PageCall } from './page-calls.js';
import type { PageLimits } from './page-limits.js';

export interface PageRunOptions extends PageLimits {
  readonly address: PageAddress;
}

/** What a service wants to know again about a row. */
export interface MemoryOfRow {
  readonly rowId: string;
  /** At most MAX_MEMORY_BYTES as JSON. */
  readonly memory: RowMemory;
}

/** What a handler works with, the same for all chunks of a page. */
export interface PageContext {
  /** Workspace, entity type, columns and titles of references; the rows come chunk by chunk. */
  readonly page: Omit<StepPage, 'rows' | 'control' | 'more'>;
  /** One call to a provider: waits for its rate limit and while the job is paused, repeats within the page's retry budget. */
  readonly call: PageCall;
  /** For a handler that makes its calls by itself: asked before every one of them. */
  readonly leases: RateLease;
  /** Aborts when the page must stop: hand it to every call. */
  readonly signal: AbortSignal;
  /** How long the job ran since the page began, in ms: it stands still while the job is paused, so a retry budget keeps. */
  readonly runningMs: () => number;
  /** Takes results as they come; they are sent in sub-batches. A memory is kept together with the results of its row. */
  readonly settle: (results: readonly CellResult[], memories?: readonly MemoryOfRow[]) => void;
  /**
   * Writes the effect journal, before the external writes that it names. Repeats until it is answered; after a rejection
   * nothing may be written outside.
   *
   * @returns in the order of the effects, whether each record existed before this job first wrote it.
   * @throws ApplicationFailure of type `Superseded`; the reason of the signal when the job stops.
   */
  readonly journal: (effects: readonly Effect[]) => Promise<EffectsReply['effects']>;
}

/** Fetches the data of some rows and settles each of their cells. Throws {@link PageFailed} when the page cannot go on. */
export type ChunkHandler = (rows: readonly OpenRow[]) => Promise<void>;

/** Makes the handler of a page, so that what the chunks share (a retry budget) lives as long as the page. */
export type PageHandler = (context: PageContext) => ChunkHandler;

/**
 * Runs a page inside an activity: loads the rows that are still open, hands them out in chunks with bounded concurrency,
 * settles cells as they come, heartbeats, and stops for a cancellation, a stop of the job, a failure or a shutdown.
 *
 * The cells are the checkpoint: a repeated activity gets the rows that are still open and makes no other call again.
 */
@Injectable()
export class PageRunner {
  readonly #logger = new Logger('PageRunner');
  readonly #shares = new CallShares();
  readonly #spread = new CallSpread();

  constructor(
    private readonly client: PageApiClient,
    private readonly control: ControlStream,
    private readonly leases: RateLease,
    private readonly lifecycle: WorkerLifecycle,
    private readonly metrics: WorkerMetrics,
    @Inject(PAGE_API_OPTIONS) private readonly options: PageApiOptions,
  ) {}

  /**
   * @returns how the cells ended that this attempt settled; the database has the whole truth.
   * @throws CancelledFailure, or an ApplicationFailure of type `PageFailed`, `Superseded`, `ContractViolation` (none of them
   * retryable), `JobStopping`, `WorkerDraining` or `Unexpected` (retryable). None carries a value or a provider's words.
   */
  async run(options: PageRunOptions, handler: PageHandler): Promise<FillPageResult> {
    const { client, control, leases, lifecycle, metrics } = this;
    const attempt = new PageAttempt(options, handler, {
      activity: Context.current(),
      service: this.options.service.id,
      logger: this.#logger,
      client,
      control,
      leases,
      metrics,
      drainSignal: lifecycle.drainSignal,
      shares: this.#shares,
      spread: this.#spread,
    });
    const endTimer = metrics.pageSeconds.startTimer();
    try {
      const result = await attempt.run();
      endTimer({ outcome: 'completed' });
      return result;
    } catch (error) {
      endTimer({ outcome: 'failed' });
      throw error;
    }
  }
}
