import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** The metrics of one process; a class of its own, so that two services in one test do not share them. */
export class Metrics {
  readonly registry = new Registry();
  readonly requestSeconds = new Histogram({
    name: 'billing_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  readonly refusals = new Counter({
    name: 'billing_refusals_total',
    help: 'Requests that ended in a problem, by code',
    labelNames: ['code'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
