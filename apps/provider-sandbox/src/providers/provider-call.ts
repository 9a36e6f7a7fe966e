import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { FaultOf } from '../faults/fault.js';
import type { Draw } from '../faults/fault-book.js';
import { drawLatencyMs } from '../limits/latency.js';
import type { SandboxMetrics } from '../metrics.js';
import type { Provider, Sandbox } from '../sandbox.js';
import { faultyAnswer, isLying } from './faulty-answer.js';
import type { Answer, Inquiry, ProviderRoute, RefusalCause } from './provider-api.js';
import { drip, pad } from './slow-bodies.js';

/** The faults of a call that is answered with 200 and JSON. */
type AnsweringFault = FaultOf<
  'slow_drip' | 'oversized_body' | 'wrong_schema' | 'empty_result' | 'partial_batch' | 'item_error'
>;

/** What is logged of a call that was not answered. */
const NO_ANSWER: Answer = { body: undefined, billable: [] };

const STATUSES: Readonly<Record<Exclude<RefusalCause, 'out_of_credits'>, number>> = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  server_error: 500,
};

/** One call to a stand-in: key, limit, body, time, fault, answer; logged before anything is sent. */
export class ProviderCall {
  private readonly callId = randomUUID();
  private readonly at: string;
  private readonly stoodStillMs: number;
  private readonly body: unknown;
  private readonly inquiry: Inquiry | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly metrics: SandboxMetrics,
    private readonly provider: Provider,
    private readonly route: ProviderRoute,
    private readonly http: { readonly request: Request; readonly response: Response },
  ) {
    this.at = new Date(sandbox.clock.now()).toISOString();
    this.stoodStillMs = sandbox.standstill.beforeNow();
    this.body = parseJson(http.request.body);
    this.inquiry = route.parse(this.body, sandbox.directory);
  }

  async handle(): Promise<void> {
    const { api, limiter, key } = this.provider;
    const expected = api.keyScheme ? `${api.keyScheme} ${key}` : key;
    if (this.http.request.get(api.keyHeader) !== expected) {
      this.refuse('unauthorized', 'The API key is invalid');
      return;
    }
    const usage = limiter.admit(this.sandbox.clock.now());
    this.http.response.set(api.usageHeaders(usage));
    if (!usage.admitted) {
      this.refuse('rate_limited', 'Rate limit exceeded');
      return;
    }
    const draw = this.sandbox.faults.draw(api.name, this.route.path);
    await this.sandbox.clock.sleep(drawLatencyMs(this.provider.latency) + draw.delayMs);
    this.respond(draw);
  }

  private respond({ fault }: Draw): void {
    switch (fault?.fault) {
      case undefined:
      case 'slow_drip':
      case 'oversized_body':
      case 'wrong_schema':
      case 'empty_result':
      case 'partial_batch':
      case 'item_error':
        this.answer(fault);
        return;
      case 'rate_limited': {
        const { retryAfterSeconds, asDate } = fault.params ?? {};
        if (retryAfterSeconds !== undefined)
          this.http.response.set('retry-after', retryAfter(retryAfterSeconds, asDate));
        this.refuse(fault.fault, this.echo('Rate limit exceeded'), { fault: fault.fault });
        return;
      }
      case 'server_error':
        this.refuse(fault.fault, this.echo('Internal error'), { status: fault.params?.status, fault: fault.fault });
        return;
      case 'unauthorized':
        this.refuse(fault.fault, this.echo('The API key is invalid'), { fault: fault.fault });
        return;
      case 'out_of_credits':
        this.refuse(fault.fault, this.echo('Insufficient credits'), { fault: fault.fault });
        return;
      case 'forbidden':
        this.refuse(fault.fault, this.echo('Your plan does not include this'), { fault: fault.fault });
        return;
      case 'html_body': {
        const { status } = fault.params;
        this.record(status, NO_ANSWER, fault.fault);
        const page = `<!doctype html><title>Please wait</title><p>${this.echo('Under maintenance')}</p>`;
        this.http.response.status(status).type('html').send(page);
        return;
      }
      case 'reset_after_count':
        this.carryOut(fault.fault);
        this.http.request.socket.resetAndDestroy();
        return;
      case 'hang':
        this.hang(fault);
        return;
    }
  }

  private answer(fault: AnsweringFault | undefined): void {
    if (this.inquiry === undefined) {
      this.refuse('invalid_request', 'Validation failed');
      return;
    }
    const { response } = this.http;
    const answer = this.produce(this.inquiry, fault);
    const { status = 200, headers = {}, body } = answer;
    this.record(status, answer, fault?.fault);
    response.status(status).set(headers);
    if (body === undefined) {
      response.end();
      return;
    }
    if (fault?.fault !== 'slow_drip' && fault?.fault !== 'oversized_body') {
      response.json(body);
      return;
    }
    response.type('json');
    const text = JSON.stringify(body);
    const pieces =
      fault.fault === 'oversized_body'
        ? pad(text, fault.params.bytes)
        : drip(text, { clock: this.sandbox.clock, ms: fault.params.ms });
    // It fails when the caller leaves early, which is what these faults are for.
    void pipeline(pieces, response).catch(() => undefined);
  }

  /** Does what was asked and keeps the answer to itself. */
  private carryOut(fault: string): void {
    const answer = this.inquiry ? this.produce(this.inquiry) : NO_ANSWER;
    this.record(answer.status ?? 200, answer, fault);
  }

  private produce(inquiry: Inquiry, fault?: AnsweringFault): Answer {
    const { provider, route, sandbox, callId } = this;
    const source = { directory: sandbox.directory, crm: sandbox.crm, callId, now: sandbox.clock.now() };
    return isLying(fault) ? faultyAnswer({ api: provider.api, route, inquiry, source }, fault) : inquiry.answer(source);
  }

  private hang({ fault, params }: FaultOf<'hang'>): void {
    this.record(0, NO_ANSWER, fault);
    if (params?.ms !== undefined)
      void this.sandbox.clock.sleep(params.ms).then(() => this.http.request.socket.destroy());
  }

  private refuse(
    cause: RefusalCause,
    message: string,
    { fault, status = this.statusOf(cause) }: { fault?: string; status?: number | undefined } = {},
  ): void {
    this.record(status, NO_ANSWER, fault);
    this.http.response.status(status).json(this.provider.api.errorBody(status, message, cause));
  }

  private statusOf(cause: RefusalCause): number {
    return cause === 'out_of_credits' ? this.provider.api.outOfCreditsStatus : STATUSES[cause];
  }

  /** Real providers repeat what was asked in their error texts; a caller must cope with that. */
  private echo(message: string): string {
    return `${message}: ${JSON.stringify(this.body ?? null)}`;
  }

  private record(status: number, { billable, writes }: Answer, fault?: string): void {
    const call = {
      at: this.at,
      callId: this.callId,
      provider: this.provider.api.name,
      method: this.http.request.method,
    };
    const idempotencyKey = this.http.request.get('idempotency-key') ?? null;
    const lookUps: Inquiry['lookUps'] = this.inquiry?.lookUps ?? [{ key: null }];
    this.sandbox.log.append(
      lookUps.map((lookUp, index) => ({
        ...call,
        route: this.route.path,
        key: lookUp.key,
        idempotencyKey: lookUp.idempotencyKey ?? idempotencyKey,
        billable: billable[index] ?? false,
        status,
        ...(fault !== undefined && { fault }),
        ...(this.stoodStillMs > 0 && { stoodStillMs: this.stoodStillMs }),
        ...writes?.[index],
      })),
    );
    const billed = billable.filter(Boolean).length;
    this.metrics.countCall({ provider: call.provider, route: this.route.path, status, billed });
  }
}

/** RFC 9110 allows both forms. */
function retryAfter(seconds: number, asDate = false): string {
  return asDate ? new Date(Date.now() + seconds * 1_000).toUTCString() : String(seconds);
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    return undefined;
  }
}
