import { Injectable } from '@nestjs/common';
import { BillingClient } from '../billing/billing.client.js';
import type { CreditEntryPage, CreditEntryQuery, CreditsView } from './credits.schema.js';

/** Reads a workspace's credits from billing, whose account has the workspace's id. */
@Injectable()
export class CreditsService {
  constructor(private readonly billing: BillingClient) {}

  /** Balances; zeros before the first grant. */
  async balances(workspaceId: string): Promise<CreditsView> {
    const { granted, available, held, spent } = await this.billing.account(workspaceId);
    return { granted, available, held, spent };
  }

  /** Lines of the ledger, newest first. */
  async entries(workspaceId: string, query: CreditEntryQuery): Promise<CreditEntryPage> {
    const { items, nextCursor } = await this.billing.entries(workspaceId, query);
    return {
      items: items.map(({ id, at, kind, amount, reference, jobId = reference, pageNo, columnId, note }) => ({
        id,
        at,
        kind,
        amount,
        ...(jobId !== undefined && { jobId }),
        ...(pageNo !== undefined && { page: pageNo }),
        ...(columnId !== undefined && { columnId }),
        ...(note !== undefined && { note }),
      })),
      nextCursor,
    };
  }
}
