import { Controller, Get, Header, HttpException, HttpStatus } from '@nestjs/common';
import { WorkerLifecycle } from '../lifecycle/worker-lifecycle.js';
import { WorkerMetrics } from './worker-metrics.js';

/** Routes for the supervisor and the scraper; they need no key. */
@Controller()
export class HealthController {
  constructor(
    private readonly lifecycle: WorkerLifecycle,
    private readonly metrics: WorkerMetrics,
  ) {}

  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 with the names of what is missing until the Temporal worker runs and the service is registered. */
  @Get('health/ready')
  ready(): { status: string } {
    const waitingFor = this.lifecycle.waitingFor();
    if (waitingFor.length === 0) return { status: 'ok' };
    throw new HttpException({ status: 'waiting', waitingFor }, HttpStatus.SERVICE_UNAVAILABLE);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  async scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
