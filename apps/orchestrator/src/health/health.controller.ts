import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Database } from '../database/database.js';
import { HttpMetrics } from './http-metrics.js';

/** Routes for the supervisor and the scraper; they need no key. */
@Controller()
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly metrics: HttpMetrics,
  ) {}

  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 (by the problem filter) while Postgres is away. */
  @Get('health/ready')
  async ready(): Promise<{ status: string }> {
    await this.database.acrossWorkspaces('select 1');
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  async scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
