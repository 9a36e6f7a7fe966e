import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

/** Prometheus metrics of this process; labels never hold what was looked up. */
export class SandboxMetrics {
  readonly registry = new Registry();
  private readonly calls = new Counter({
    name: 'sandbox_calls_total',
    help: 'Provider calls by outcome; status 0 was left without an answer.',
    labelNames: ['provider', 'route', 'status'],
    registers: [this.registry],
  });
  private readonly billed = new Counter({
    name: 'sandbox_billed_lookups_total',
    help: 'Look-ups the provider would bill.',
    labelNames: ['provider'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  countCall(call: {
    readonly provider: string;
    readonly route: string;
    readonly status: number;
    readonly billed: number;
  }): void {
    const { provider, route, status, billed } = call;
    this.calls.inc({ provider, route, status });
    this.billed.inc({ provider }, billed);
  }
}
