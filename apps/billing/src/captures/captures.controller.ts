import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { IdempotencyKey } from '../http/idempotency-key.decorator.js';
import { unwrap } from '../idempotency/answer.js';
import type { CapturePath, RefundView } from './capture.schema.js';
import { capturePath, refundBody } from './capture.schema.js';
import { CaptureService } from './capture.service.js';

/** Routes of one capture. */
@Controller('v1/captures/:captureId')
export class CapturesController {
  constructor(private readonly captures: CaptureService) {}

  @Post('refunds')
  @HttpCode(201)
  async refund(
    @Param({ schema: capturePath }) { captureId }: CapturePath,
    @IdempotencyKey() key: string,
    @Body({ schema: refundBody }) _body: unknown,
  ): Promise<RefundView> {
    return unwrap(await this.captures.refund(captureId, key));
  }
}
