import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Counters of one worker process, served at `/metrics`. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();

  readonly cellsSettled = new Counter({
    name: 'uno_cells_settled_total',
    help: 'Cells this worker settled, by status',
    labelNames: ['status'],
    registers: [this.registry],
  });

  readonly providerCalls = new Counter({
    name: 'uno_provider_calls_total',
    help: 'Calls this worker was allowed to start, by provider',
    labelNames: ['provider'],
    registers: [this.registry],
  });

  readonly pageSeconds = new Histogram({
    name: 'uno_page_duration_seconds',
    help: 'Duration of one attempt at a page, by outcome',
    labelNames: ['outcome'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 1_800],
    registers: [this.registry],
  });

  readonly pageApiRetries = new Counter({
    name: 'uno_page_api_retries_total',
    help: 'Page API requests that had to be repeated, by operation',
    labelNames: ['operation'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
