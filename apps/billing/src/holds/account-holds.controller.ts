import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { AccountPath } from '../accounts/account.schema.js';
import { accountPath } from '../accounts/account.schema.js';
import { IdempotencyKey } from '../http/idempotency-key.decorator.js';
import { unwrap } from '../idempotency/answer.js';
import type { CloseBody, CloseView, HoldBody, HoldsPage, HoldsQuery, HoldView } from './hold.schema.js';
import { closeBody, holdBody, holdsQuery } from './hold.schema.js';
import { HoldService } from './hold.service.js';

/** Routes of the holds of an account. */
@Controller('v1/accounts/:accountId/holds')
export class AccountHoldsController {
  constructor(private readonly holds: HoldService) {}

  @Post()
  @HttpCode(201)
  async hold(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @IdempotencyKey() key: string,
    @Body({ schema: holdBody }) body: HoldBody,
  ): Promise<HoldView> {
    return unwrap(await this.holds.hold(accountId, key, body));
  }

  @Post('close')
  @HttpCode(200)
  async close(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @IdempotencyKey() key: string,
    @Body({ schema: closeBody }) body: CloseBody,
  ): Promise<CloseView> {
    return unwrap(await this.holds.close(accountId, key, body));
  }

  @Get()
  async list(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @Query({ schema: holdsQuery }) query: HoldsQuery,
  ): Promise<HoldsPage> {
    return this.holds.list(accountId, query);
  }
}
