import { Controller, Get, Param, Query } from '@nestjs/common';
import type { AccountPath } from '../accounts/account.schema.js';
import { accountPath } from '../accounts/account.schema.js';
import { Problem, problemDetails } from '../http/problem.js';
import { AuditRepository } from './audit.repository.js';
import type {
  CapturePage,
  CapturesQuery,
  LedgerPage,
  LedgerQuery,
  OpenHoldPage,
  OpenHoldsQuery,
  ReferenceAudit,
  ReferencePath,
} from './audit.schema.js';
import { capturesQuery, ledgerQuery, openHoldsQuery, referencePath } from './audit.schema.js';

/** Routes for whoever checks the ledger from outside: rows as they are stored, a snapshot a page. */
@Controller('v1')
export class AuditController {
  constructor(private readonly audit: AuditRepository) {}

  @Get('accounts/:accountId/audit/ledger')
  async readLedger(
    @Param({ schema: accountPath }) { accountId }: AccountPath,
    @Query({ schema: ledgerQuery }) query: LedgerQuery,
  ): Promise<LedgerPage> {
    const page = await this.audit.ledger(accountId, query);
    if (page === undefined) {
      throw new Problem(problemDetails(404, 'account_not_found', 'There is no such account.'));
    }
    return page;
  }

  @Get('accounts/:accountId/audit/references/:reference')
  async readReference(
    @Param({ schema: referencePath }) { accountId, reference }: ReferencePath,
  ): Promise<ReferenceAudit> {
    return this.audit.reference(accountId, reference);
  }

  @Get('accounts/:accountId/audit/references/:reference/captures')
  async readCaptures(
    @Param({ schema: referencePath }) { accountId, reference }: ReferencePath,
    @Query({ schema: capturesQuery }) query: CapturesQuery,
  ): Promise<CapturePage> {
    return this.audit.captures(accountId, reference, query);
  }

  @Get('holds')
  async readOpenHolds(@Query({ schema: openHoldsQuery }) query: OpenHoldsQuery): Promise<OpenHoldPage> {
    return this.audit.openHolds(query);
  }
}
