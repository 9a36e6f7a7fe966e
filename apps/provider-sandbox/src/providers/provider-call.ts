import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { FaultOf } from '../faults/fault.js';
import type { Draw } from '../faults/fault-book.js';
import { drawLatencyMs } from '../limits/latency.js';
import type { SandboxMetrics } from '../metrics.js';
import type { Provider, Sandbox } from '../sandbox.js';
import type { ParsedRequest, ProviderRoute } from './provider-api.js';

/** One call to a stand-in: key, limit, body, time, fault, answer; logged before anything is sent. */
export class ProviderCall {
  private readonly callId = randomUUID();
  private readonly at: string;
  private readonly body: unknown;
  private readonly request: ParsedRequest | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly metrics: SandboxMetrics,
    private readonly provider: Provider,
    private readonly route: ProviderRoute,
    private readonly http: { readonly request: Request; readonly response: Response },
  ) {
    this.at = new Date(sandbox.clock.now()).toISOString();
    this.body = parseJson(http.request.body);
    this.request = route.parse(this.body);
  }

  async handle(): Promise<void> {
    const { api, limiter, key } = this.provider;
    if (this.http.request.get(api.keyHeader) !== key) {
      this.refuse(401, 'The API key is invalid');
      return;
    }
    const usage = limiter.admit(this.sandbox.clock.now());
    this.http.response.set(api.usageHeaders(usage));
    if (!usage.admitted) {
      this.refuse(429, 'Rate limit exceeded');
      return;
    }
    const draw = this.sandbox.faults.draw(api.name, this.route.path);
    await this.sandbox.clock.sleep(drawLatencyMs(this.provider.latency) + draw.delayMs);
    this.respond(draw);
  }

  private respond({ fault }: Draw): void {
    switch (fault?.fault) {
      case undefined:
        this.answer();
        return;
      case 'rate_limited': {
        const { retryAfterSeconds } = fault.params ?? {};
        if (retryAfterSeconds !== undefined) this.http.response.set('retry-after', String(retryAfterSeconds));
        this.refuse(429, this.echo('Rate limit exceeded'), fault.fault);
        return;
      }
      case 'server_error':
        this.refuse(fault.params?.status ?? 500, this.echo('Internal error'), fault.fault);
        return;
      case 'unauthorized':
        this.refuse(401, this.echo('The API key is invalid'), fault.fault);
        return;
      case 'reset_after_count':
        this.record(200, this.request ? this.produce(this.request).billable : [], fault.fault);
        this.http.request.socket.resetAndDestroy();
        return;
      case 'hang':
        this.hang(fault);
        return;
    }
  }

  private answer(): void {
    if (this.request === undefined) {
      this.refuse(400, 'Validation failed');
      return;
    }
    const { body, billable } = this.produce(this.request);
    this.record(200, billable);
    const charged = billable.filter(Boolean).length;
    this.http.response.set(this.provider.api.chargeHeaders(charged, this.route.entityType)).json(body);
  }

  private produce(request: ParsedRequest): ReturnType<ProviderRoute['answer']> {
    return this.route.answer(request, { directory: this.sandbox.directory, callId: this.callId });
  }

  private hang({ fault, params }: FaultOf<'hang'>): void {
    this.record(0, [], fault);
    if (params?.ms !== undefined)
      void this.sandbox.clock.sleep(params.ms).then(() => this.http.request.socket.destroy());
  }

  private refuse(status: number, message: string, fault?: string): void {
    this.record(status, [], fault);
    this.http.response.status(status).json(this.provider.api.errorBody(status, message));
  }

  /** Real providers repeat what was asked in their error texts; a caller must cope with that. */
  private echo(message: string): string {
    return `${message}: ${JSON.stringify(this.body ?? null)}`;
  }

  private record(status: number, billable: readonly boolean[], fault?: string): void {
    const call = {
      at: this.at,
      callId: this.callId,
      provider: this.provider.api.name,
      method: this.http.request.method,
    };
    const idempotencyKey = this.http.request.get('idempotency-key') ?? null;
    const keys = this.request?.lookUps.map(({ key }) => key) ?? [null];
    this.sandbox.log.append(
      keys.map((key, index) => ({
        ...call,
        route: this.route.path,
        key,
        idempotencyKey,
        billable: billable[index] ?? false,
        status,
        ...(fault !== undefined && { fault }),
      })),
    );
    const billed = billable.filter(Boolean).length;
    this.metrics.countCall({ provider: call.provider, route: this.route.path, status, billed });
  }
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    return undefined;
  }
}
