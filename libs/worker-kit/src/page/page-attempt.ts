import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import type { Context } from '@temporalio/activity';
import type { Effect, EffectsReply, FillPageResult, OpenRow } from '@uno/workflow-contracts';
import type { WorkerMetrics } from '../health/worker-metrics.js';
import type { ControlStream } from '../page-api/control.stream.js';
import { GatedRateLease } from '../page-api/gated.rate-lease.js';
import type { PageApiClient } from '../page-api/page-api.client.js';
import type { RateLease } from '../page-api/rate-lease.js';
import type { CallShares } from './call-shares.js';
import type { CallSpread } from './call-spread.js';
import { CellSettler } from './cell-settler.js';
import { effectBatches } from './effect-batches.js';
import { cancellationOf, jobStopping, ownFailure, pageFailed, unexpected, workerDraining } from './page.failures.js';
import { PageFailed } from './page-failed.js';
import { pageCalls } from './page-calls.js';
import { PageLanes } from './page-lanes.js';
import { RETRY_BUDGET_SECONDS } from './page-limits.js';
import type { ChunkHandler, PageContext, PageHandler, PageRunOptions } from './page-runner.js';
import { RunningTime } from './running-time.js';

export interface PageAttemptDependencies {
  readonly activity: Context;
  readonly service: string;
  readonly logger: LoggerService;
  readonly client: PageApiClient;
  readonly control: ControlStream;
  readonly leases: RateLease;
  readonly metrics: WorkerMetrics;
  readonly drainSignal: AbortSignal;
  readonly shares: CallShares;
  readonly spread: CallSpread;
}

const HEARTBEAT_MS = 1_000;
/** After an abort, cells that are done may still be sent for so long. */
const LAST_SETTLE_MS = 2_000;
/** A stopped job is cancelled soon after; waiting for it ends the page as cancelled instead of failed. */
const AWAIT_CANCELLATION_MS = 10_000;

/** One attempt of an activity at one page. */
export class PageAttempt {
  readonly #stop = new AbortController();
  readonly #fail = new AbortController();
  readonly #lastSettle = new AbortController();
  readonly #signal: AbortSignal;
  readonly #settler: CellSettler;
  readonly #runningTime: RunningTime;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly options: PageRunOptions,
    private readonly handler: PageHandler,
    private readonly use: PageAttemptDependencies,
  ) {
    this.#signal = AbortSignal.any([use.activity.cancellationSignal, this.#stop.signal, this.#fail.signal]);
    // Every call of the page listens to it.
    setMaxListeners(0, this.#signal);
    this.#runningTime = new RunningTime(use.control, options.address.jobId);
    this.#settler = new CellSettler({
      send: (results, memories) => use.client.settle(options.address, { results, memories }, this.#lastSettle.signal),
      onSettled: (results, { control }) => {
        for (const { status } of results) use.metrics.cellsSettled.inc({ status });
        if (control === 'stop') this.#stop.abort();
      },
      onFailure: (error) => this.#failWith(error),
    });
  }

  async run(): Promise<FillPageResult> {
    const { activity, control } = this.use;
    const watch = control.watchStop(this.options.address.jobId);
    const stop = (): void => this.#stop.abort();
    watch.signal.addEventListener('abort', stop);
    if (watch.signal.aborted) stop();
    const heartbeat = setInterval(() => activity.heartbeat(this.#settler.counts), HEARTBEAT_MS);
    const lastSettle = this.#limitLastSettle();
    try {
      activity.heartbeat(this.#settler.counts);
      await this.#work().catch((error: unknown) => this.#failWith(error));
      await this.#settler.close();
      return await this.#outcome();
    } finally {
      clearInterval(heartbeat);
      lastSettle();
      watch.release();
      this.#runningTime.release();
    }
  }

  /** Where one reply does not take all open rows, the next ones are read when these are settled. */
  async #work(): Promise<void> {
    let handle: ChunkHandler | undefined;
    for (let settledBefore = 0; ;) {
      const { rows, control, more, ...page } = await this.use.client.readStep(this.options.address, this.#signal);
      if (control === 'stop') this.#stop.abort();
      handle ??= this.handler(this.#contextOf(page));
      await this.#handleAll(inChunks(rows, this.options.chunkSize), handle);
      if (!more || this.#signal.aborted) return;
      await this.#settler.flush();
      const settled = sumOf(this.#settler.counts);
      if (settled === settledBefore) throw new Error('A handler must settle the rows that it was given');
      settledBefore = settled;
    }
  }

  #contextOf(page: PageContext['page']): PageContext {
    const { jobId } = this.options.address;
    const { control, metrics, leases: leasesOfProcess } = this.use;
    const { retryBudgetSeconds = RETRY_BUDGET_SECONDS } = this.options;
    const leases = new GatedRateLease(leasesOfProcess, { jobId, control, metrics });
    const signal = this.#signal;
    const runningMs = (): number => this.#runningTime.read();
    return {
      page,
      leases,
      signal,
      runningMs,
      call: pageCalls({ leases, signal, retryBudgetSeconds, runningMs }),
      settle: (results, memories) => this.#settler.add(results, memories),
      journal: (effects) => this.#journal(effects),
    };
  }

  async #journal(effects: readonly Effect[]): Promise<EffectsReply['effects']> {
    const known: EffectsReply['effects'] = [];
    for (const batch of effectBatches(effects)) {
      const reply = await this.use.client.journal(this.options.address, batch, this.#signal);
      if (reply.control === 'stop') this.#stop.abort();
      this.#signal.throwIfAborted();
      known.push(...reply.effects);
    }
    return known;
  }

  async #handleAll(chunks: OpenRow[][], handle: ChunkHandler): Promise<void> {
    const { address, concurrency: lanes, processConcurrency: lanesOfProcess = Number.POSITIVE_INFINITY } = this.options;
    const { jobId } = address;
    const next = (): Promise<void> | undefined => {
      const mayGoOn = chunks.length > 0 && !this.#signal.aborted && !this.use.drainSignal.aborted;
      return mayGoOn ? this.#handleNext(chunks, handle) : undefined;
    };
    const stop = AbortSignal.any([this.#signal, this.use.drainSignal]);
    const waiting = (): number => chunks.length;
    await new PageLanes(this.use.shares, { jobId, next, waiting, stop, lanes, lanesOfProcess }).run();
    if (chunks.length > 0 && !this.#signal.aborted) throw workerDraining();
  }

  /** Never rejects: the other lanes must have ended before the page can end. */
  async #handleNext(chunks: OpenRow[][], handle: ChunkHandler): Promise<void> {
    try {
      await this.#settler.room();
      if (this.#signal.aborted || this.use.drainSignal.aborted) return;
      const chunk = chunks.shift();
      if (chunk) await this.use.spread.run(async () => handle(chunk));
    } catch (error) {
      this.#failWith(error);
    }
  }

  /** The first failure decides; what follows it is its echo. */
  #failWith(error: unknown): void {
    if (this.#signal.aborted) return;
    this.#failure = { error };
    this.#fail.abort(error);
  }

  async #outcome(): Promise<FillPageResult> {
    const { activity } = this.use;
    if (activity.cancellationSignal.aborted) throw await cancellationOf(activity, this.use.drainSignal);
    if (this.#failure) throw await this.#toFailure(this.#failure.error);
    if (this.#stop.signal.aborted) {
      await sleep(AWAIT_CANCELLATION_MS, undefined, { signal: activity.cancellationSignal }).catch(() => undefined);
      throw activity.cancellationSignal.aborted ? await cancellationOf(activity, this.use.drainSignal) : jobStopping();
    }
    return this.#settler.counts;
  }

  async #toFailure(error: unknown): Promise<unknown> {
    const { client, service, logger, activity } = this.use;
    const { jobId, pageNo, stepNo } = this.options.address;
    const place = { service, page: pageNo, step: stepNo };
    const own = ownFailure(error, place);
    if (own) return own;
    if (!(error instanceof PageFailed)) {
      logger.error({ msg: 'A page met an unexpected error', jobId, pageNo, stepNo }, error, 'PageRunner');
      return unexpected(error);
    }
    const { code, provider, message } = error;
    try {
      const report = { code, provider, message };
      const errorId = await client.reportFailure(this.options.address, report, activity.cancellationSignal);
      logger.warn({ msg: 'A page failed', jobId, pageNo, stepNo, code, provider, errorId }, 'PageRunner');
      return pageFailed({ ...place, code, errorId });
    } catch (reportError) {
      if (activity.cancellationSignal.aborted) return cancellationOf(activity, this.use.drainSignal);
      return ownFailure(reportError, place) ?? unexpected(reportError);
    }
  }

  #limitLastSettle(): () => void {
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => {
      timer = setTimeout(() => this.#lastSettle.abort(), LAST_SETTLE_MS);
    };
    this.#signal.addEventListener('abort', begin, { once: true });
    return () => {
      this.#signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    };
  }
}

const sumOf = ({ filled, notFound, error, skipped }: FillPageResult): number => filled + notFound + error + skipped;

function inChunks(rows: readonly OpenRow[], size: number): OpenRow[][] {
  const count = Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, index) => rows.slice(index * size, (index + 1) * size));
}
