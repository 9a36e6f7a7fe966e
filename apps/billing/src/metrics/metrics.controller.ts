import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Keyless } from '../http/service-key.guard.js';
import { Metrics } from './metrics.js';

/** The page that Prometheus reads. */
@Keyless()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async read(@Res() response: Response): Promise<void> {
    response.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
