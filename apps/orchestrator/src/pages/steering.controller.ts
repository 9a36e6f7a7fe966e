import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { rateLeaseRequest } from '@uno/workflow-contracts';
import type { RateLeaseReply, RateLeaseRequest } from '@uno/workflow-contracts';
import type { Request, Response } from 'express';
import { ForService } from '../auth/auth.decorators.js';
import { ControlBeats } from './control-beats.js';
import { RateLeases } from './rate-leases.js';

/** What workers ask beside their pages: may I call this provider, and which jobs must stand still. */
@Controller('internal/v1')
@ForService()
export class SteeringController {
  constructor(
    private readonly leases: RateLeases,
    private readonly beats: ControlBeats,
  ) {}

  @Post('rate-leases')
  @HttpCode(200)
  async lease(@Body({ schema: rateLeaseRequest }) body: RateLeaseRequest): Promise<RateLeaseReply> {
    return this.leases.lease(body);
  }

  /** One JSON line per beat until the worker hangs up. A reader that is too slow loses beats, not memory. */
  @Get('control')
  control(@Req() request: Request, @Res() response: Response): void {
    response.setHeader('content-type', 'application/x-ndjson');
    response.setHeader('cache-control', 'no-store');
    response.flushHeaders();
    const end = this.beats.subscribe((beat) => {
      if (!response.writableNeedDrain) response.write(`${JSON.stringify(beat)}\n`);
    });
    request.on('close', end);
    response.on('error', end);
  }
}
