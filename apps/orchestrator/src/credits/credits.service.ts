import { Injectable } from '@nestjs/common';
import { BillingClient } from '../billing/billing.client.js';
import { Config } from '../config/config.js';
import { unavailable } from '../problems/problem.error.js';
import type { CreditEntryPage, CreditEntryQuery, CreditsView } from './credits.schema.js';
import { billedEntries } from './credits.schema.js';

const BILLING_TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 2;

/** Reads a workspace's credits from billing, whose account has the workspace's id. */
@Injectable()
export class CreditsService {
  constructor(
    private readonly config: Config,
    private readonly billing: BillingClient,
  ) {}

  /** Balances; zeros before the first grant. */
  async balances(workspaceId: string): Promise<CreditsView> {
    const { granted, available, held, spent } = await this.billing.account(workspaceId).catch(refuse);
    return { granted, available, held, spent };
  }

  /** Lines of the ledger, newest first. */
  async entries(workspaceId: string, { limit, cursor }: CreditEntryQuery): Promise<CreditEntryPage> {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) });
    const reply = await fetch(
      `${this.config.billingUrl}/v1/accounts/${encodeURIComponent(workspaceId)}/entries?${query}`,
      {
        headers: { authorization: `Bearer ${this.config.billingKey}` },
        signal: AbortSignal.timeout(BILLING_TIMEOUT_MS),
      },
    ).catch(refuse);
    if (reply.status === 404) return { items: [], nextCursor: null };
    if (!reply.ok) return refuse();
    const { items, nextCursor } = billedEntries.parse(await reply.json().catch(refuse));
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

function refuse(): never {
  throw unavailable('billing_unavailable', 'Billing cannot be reached now. Try again.', RETRY_AFTER_SECONDS);
}
