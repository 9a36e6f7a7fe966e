import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  effectsPage,
  effectsReply,
  failureReply,
  outcomesReply,
  rateLeaseReply,
  settleReply,
  stepPage,
  type CellResult,
  type Effect,
  type EffectsPage,
  type EffectsReply,
  type FailureReport,
  type OutcomesRequest,
  type PageAddress,
  type RateLeaseReply,
  type RateLeaseRequest,
  type ServiceRegistration,
  type SettleReply,
  type SettleRequest,
  type StepPage,
} from '@uno/workflow-contracts';
import { Agent, request as send } from 'undici';
import { z } from 'zod';
import { Deadline } from '../deadline.js';
import { WorkerMetrics } from '../health/worker-metrics.js';
import { contractViolation, PageApiUnavailable, refusal } from './page-api.failures.js';
import { PAGE_API_OPTIONS, type PageApiOptions } from './page-api.options.js';

const ATTEMPT_TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

type Outcomes = readonly OutcomesRequest['outcomes'][number][];

/** What is settled in one request: results, and memories of their rows. */
interface Settlement {
  readonly results: readonly CellResult[];
  readonly memories?: SettleRequest['memories'];
}

interface PageApiRequest<Reply extends z.ZodType> {
  /** Name in failures, logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly reply: Reply;
}

/**
 * The worker's side of the Page API. Every request may be repeated without harm, so transport errors, 5xx and 429 are
 * repeated with a short backoff until the caller's signal aborts; a page does not fail because the orchestrator restarts.
 *
 * @throws ApplicationFailure of type `Superseded` for a sealed page or an old fence, `PageApiRefused` for every other
 * refusal, `ContractViolation` for an answer that cannot be read; all non-retryable.
 */
@Injectable()
export class PageApiClient {
  /** undici's own client, because a request by `fetch` costs four times the CPU. */
  readonly #connections = new Agent();

  constructor(
    @Inject(PAGE_API_OPTIONS) private readonly options: PageApiOptions,
    private readonly metrics: WorkerMetrics,
  ) {}

  /** The columns of a step and its rows that are still open. The first call stamps the step as opened. */
  readStep(address: PageAddress, signal: AbortSignal): Promise<StepPage> {
    const path = `${stepPath(address)}?fence=${address.fence}`;
    return this.#repeat({ operation: 'read step', method: 'GET', path, reply: stepPage }, signal);
  }

  /** Settles cells, at most MAX_RESULTS_PER_CALL of them; a repeat is acknowledged and ignored. */
  settle(address: PageAddress, settlement: Settlement, signal: AbortSignal): Promise<SettleReply> {
    const { results, memories } = settlement;
    const body = { fence: address.fence, results, ...(memories && memories.length > 0 && { memories }) };
    const path = `${stepPath(address)}/results`;
    return this.#repeat({ operation: 'settle', method: 'POST', path, body, reply: settleReply }, signal);
  }

  /** Announces external writes, at most MAX_EFFECTS_PER_CALL of them; a repeat announces them once more and harms nothing. */
  async journal(address: PageAddress, effects: readonly Effect[], signal: AbortSignal): Promise<EffectsReply> {
    const body = { fence: address.fence, effects };
    const path = `${stepPath(address)}/effects`;
    const reply = effectsReply.extend({ effects: effectsReply.shape.effects.length(effects.length) });
    return this.#repeat({ operation: 'journal', method: 'POST', path, body, reply }, signal);
  }

  /** The records of a step whose writes are to be taken back and have no outcome yet, from the cursor on. */
  readEffects(address: PageAddress, cursor: string | null, signal: AbortSignal): Promise<EffectsPage> {
    const query = new URLSearchParams({ fence: String(address.fence), ...(cursor !== null && { cursor }) });
    const path = `${stepPath(address)}/effects?${query.toString()}`;
    return this.#repeat({ operation: 'read effects', method: 'GET', path, reply: effectsPage }, signal);
  }

  /** Stores how the revert of records ended; a repeat changes nothing. */
  async recordOutcomes(address: PageAddress, outcomes: Outcomes, signal: AbortSignal): Promise<void> {
    const body = { fence: address.fence, outcomes };
    const path = `${stepPath(address)}/effects/outcomes`;
    await this.#repeat({ operation: 'record outcomes', method: 'POST', path, body, reply: outcomesReply }, signal);
  }

  /** Stores why a page cannot go on and answers the id under which people find it. */
  async reportFailure(
    address: PageAddress,
    report: Omit<FailureReport, 'fence'>,
    signal: AbortSignal,
  ): Promise<string> {
    const body = { ...report, fence: address.fence };
    const path = `${stepPath(address)}/failure`;
    const request = { operation: 'report failure', method: 'POST', path, body, reply: failureReply } as const;
    const { errorId } = await this.#repeat(request, signal);
    return errorId;
  }

  leaseRate(body: RateLeaseRequest, signal: AbortSignal): Promise<RateLeaseReply> {
    const path = '/internal/v1/rate-leases';
    return this.#repeat({ operation: 'lease rate', method: 'POST', path, body, reply: rateLeaseReply }, signal);
  }

  /** One attempt to register the service; the registrar repeats it as the sign of life. */
  async register(service: ServiceRegistration, signal: AbortSignal): Promise<void> {
    const path = `/internal/v1/services/${encodeURIComponent(service.id)}`;
    await this.#attempt({ operation: 'register', method: 'PUT', path, body: service, reply: z.unknown() }, signal);
  }

  /** Opens the control stream; the caller reads the body and closes it with the signal. */
  async openControl(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await fetch(new URL('/internal/v1/control', this.options.orchestratorUrl), {
      headers: { authorization: this.#authorization },
      signal,
    });
    if (!response.ok || !response.body) throw refusal('open control stream', response.status, undefined);
    return response.body as ReadableStream<Uint8Array>;
  }

  get #authorization(): string {
    return `Bearer ${this.options.serviceKey}`;
  }

  async #repeat<Reply extends z.ZodType>(request: PageApiRequest<Reply>, signal: AbortSignal): Promise<z.infer<Reply>> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        return await this.#attempt(request, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PageApiUnavailable)) throw error;
        this.metrics.pageApiRetries.inc({ operation: request.operation });
        // Half of the wait is random, so that the workers do not return all at once after a restart.
        await sleep(waitMs / 2 + (Math.random() * waitMs) / 2, undefined, { signal });
      }
    }
  }

  async #attempt<Reply extends z.ZodType>(
    { operation, method, path, body, reply }: PageApiRequest<Reply>,
    signal: AbortSignal,
  ): Promise<z.infer<Reply>> {
    const deadline = new Deadline(signal, ATTEMPT_TIMEOUT_MS);
    const { status, json } = await this.#send(method, path, body, deadline.signal)
      .catch(() => {
        signal.throwIfAborted();
        throw new PageApiUnavailable(`${operation}: no answer`);
      })
      .finally(() => deadline.release());
    if (!isSuccess(status)) throw refusal(operation, status, json);
    const parsed = reply.safeParse(json);
    if (!parsed.success) throw contractViolation(operation, parsed.error);
    return parsed.data;
  }

  async #send(
    method: PageApiRequest<z.ZodType>['method'],
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<{ status: number; json: unknown }> {
    const headers = { authorization: this.#authorization, ...(body !== undefined && JSON_BODY) };
    const answer = await send(new URL(path, this.options.orchestratorUrl), {
      ...{ method, headers, signal, dispatcher: this.#connections },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, json: parseJson(await answer.body.text(), isSuccess(answer.statusCode)) };
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** A success that breaks off in the middle must be repeated; the body of a refusal may be anything. */
function parseJson(text: string, isSuccess: boolean): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (isSuccess) throw error;
    return undefined;
  }
}

const stepPath = ({ jobId, pageNo, stepNo }: PageAddress): string =>
  `/internal/v1/jobs/${encodeURIComponent(jobId)}/pages/${pageNo}/steps/${stepNo}`;
