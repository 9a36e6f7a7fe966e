import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';

/** Logs and measures each request by its route pattern: no header, no body, no query. */
export function requestLog(logger: Logger, metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const start = process.hrtime.bigint();
    response.on('finish', () => {
      const matched: unknown = request.route;
      const route =
        typeof matched === 'object' && matched !== null && 'path' in matched ? String(matched.path) : 'none';
      const labels = { method: request.method, route, status: response.statusCode };
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      metrics.requestSeconds.observe(labels, seconds);
      const quiet = route.startsWith('/health') || route.startsWith('/metrics');
      logger.pino[quiet ? 'debug' : 'info']({ ...labels, milliseconds: Math.round(seconds * 1_000) }, 'request');
    });
    next();
  };
}
