import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { IdempotencyKey } from '../http/idempotency-key.decorator.js';
import { unwrap } from '../idempotency/answer.js';
import { EntryRepository } from '../ledger/entry.repository.js';
import type { EntriesQuery, EntryPage } from '../ledger/entry.schema.js';
import { entriesQuery } from '../ledger/entry.schema.js';
import type { AccountPath, AccountView, GrantBody } from './account.schema.js';
import { accountPath, grantBody } from './account.schema.js';
import type { GrantView } from './account.service.js';
import { AccountService } from './account.service.js';

/** Routes of an account itself. */
@Controller('v1/accounts/:accountId')
export class AccountsController {
  constructor(
    private readonly accounts: AccountService,
    private readonly entries: EntryRepository,
  ) {}

  @Post('grants')
  @HttpCode(201)
  async grant(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @IdempotencyKey() key: string,
    @Body({ schema: grantBody }) body: GrantBody,
  ): Promise<GrantView> {
    return unwrap(await this.accounts.grant(accountId, key, body));
  }

  @Get()
  async read(@Param({ schema: accountPath }) { accountId }: AccountPath): Promise<AccountView> {
    return this.accounts.read(accountId);
  }

  @Get('entries')
  async listEntries(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @Query({ schema: entriesQuery }) query: EntriesQuery,
  ): Promise<EntryPage> {
    await this.accounts.read(accountId);
    return this.entries.page(accountId, query);
  }
}
