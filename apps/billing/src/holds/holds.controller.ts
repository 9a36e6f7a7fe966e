import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { CaptureBody, CaptureView } from '../captures/capture.schema.js';
import { captureBody } from '../captures/capture.schema.js';
import { CaptureService } from '../captures/capture.service.js';
import { IdempotencyKey } from '../http/idempotency-key.decorator.js';
import { unwrap } from '../idempotency/answer.js';
import type { HoldPath, HoldView, RenewBody } from './hold.schema.js';
import { holdPath, renewBody } from './hold.schema.js';
import { HoldService } from './hold.service.js';

/** Routes of one hold. */
@Controller('v1/holds/:holdId')
export class HoldsController {
  constructor(
    private readonly holds: HoldService,
    private readonly captures: CaptureService,
  ) {}

  @Post('captures')
  @HttpCode(201)
  async capture(
    @Param({ schema: holdPath }) { holdId }: HoldPath,
    @IdempotencyKey() key: string,
    @Body({ schema: captureBody }) body: CaptureBody,
  ): Promise<CaptureView> {
    return unwrap(await this.captures.capture(holdId, key, body));
  }

  @Post('renew')
  @HttpCode(200)
  async renew(
    @Param({ schema: holdPath }) { holdId }: HoldPath,
    @IdempotencyKey() key: string,
    @Body({ schema: renewBody }) body: RenewBody,
  ): Promise<HoldView> {
    return unwrap(await this.holds.renew(holdId, key, body));
  }
}
