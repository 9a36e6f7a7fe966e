import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A worker's connection that stays open as long as the process: not a request that has to end. */
const STREAMS = new Set(['/internal/v1/control']);

/** Metrics of the API process, served at `/metrics`. */
@Injectable()
export class HttpMetrics {
  readonly registry = new Registry();
  #inFlight = 0;

  readonly #seconds = new Histogram({
    name: 'uno_http_request_duration_seconds',
    help: 'Time until a response was complete, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'uno_http_requests_in_flight',
      help: 'Requests that are being answered',
      registers: [this.registry],
      collect: gaugeOf(() => this.#inFlight),
    });
  }

  /** Requests that are being answered now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Express middleware that counts and times every request. Routes are templates, so no id becomes a label. */
  readonly observe = (request: Request, response: Response, next: NextFunction): void => {
    if (STREAMS.has(request.path)) {
      next();
      return;
    }
    this.#inFlight += 1;
    const stop = this.#seconds.startTimer({ method: request.method });
    response.once('close', () => {
      this.#inFlight -= 1;
      const route = (request.route as { path?: unknown } | undefined)?.path;
      stop({ route: typeof route === 'string' ? route : 'unknown', status: response.statusCode });
    });
    next();
  };
}

const gaugeOf = (read: () => number) =>
  function collect(this: Gauge): void {
    this.set(read());
  };
