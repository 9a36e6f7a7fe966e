import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { callBilling, parseAnswer, unexpected } from '../billing/billing-http.js';
import { Config } from '../config/config.js';

const TIMEOUT_MS = 30_000;
const ENTRIES_PER_PAGE = 2_000;
/** A capture has up to 10,000 lines, so few of them make a page. */
const CAPTURES_PER_PAGE = 4;
const HOLDS_PER_PAGE = 200;

const posted = z.record(z.string(), z.number());
const keys = z.array(z.string());

const entry = z.object({
  id: z.string(),
  kind: z.string(),
  amount: z.number(),
  /** What the line itself says; a grant is for nothing. */
  reference: z.string().nullable(),
  holdId: z.string().nullable(),
  /** What its hold says; null where there is none. */
  holdReference: z.string().nullable(),
  captureId: z.string().nullable(),
  postings: z.array(z.object({ bucket: z.string(), amount: z.number() })),
  keys,
});
export type LedgerEntry = z.infer<typeof entry>;

const accountRow = z.object({
  granted: z.number(),
  available: z.number(),
  held: z.number(),
  spent: z.number(),
  openHolds: z.number(),
});
export type AccountRow = z.infer<typeof accountRow>;

const ledgerPage = z.object({ account: accountRow, items: z.array(entry), nextCursor: z.string().nullable() });
export type LedgerPage = z.infer<typeof ledgerPage>;

const holdRow = z.object({
  id: z.string(),
  amount: z.number(),
  captured: z.number(),
  released: z.number(),
  expired: z.number(),
  state: z.string(),
  keys,
  posted,
  endings: z.number(),
});
export type HoldRow = z.infer<typeof holdRow>;

const referenceAudit = z.object({ closedAt: z.string().nullable(), holds: z.array(holdRow) });
export type ReferenceAudit = z.infer<typeof referenceAudit>;

const captureRow = z.object({
  id: z.string(),
  holdId: z.string(),
  amount: z.number(),
  afterClose: z.boolean(),
  keys,
  posted,
  refunds: z.array(z.object({ id: z.string(), amount: z.number(), keys })),
  lines: z.array(z.object({ cellVersionId: z.string(), amount: z.number() })),
});
export type CaptureRow = z.infer<typeof captureRow>;

const capturePage = z.object({ items: z.array(captureRow), nextCursor: z.string().nullable() });

const openHold = z.object({ id: z.string(), accountId: z.string(), reference: z.string(), ageSeconds: z.number() });
export type OpenHold = z.infer<typeof openHold>;
const openHoldPage = z.object({ items: z.array(openHold), nextCursor: z.string().nullable() });

/** What billing has stored, row by row, for the checker: read pages at a time, never all at once. */
@Injectable()
export class BillingAuditClient {
  readonly #billing: { readonly url: string; readonly key: string; readonly timeoutMs: number };

  constructor(config: Config) {
    this.#billing = { url: config.billingUrl, key: config.billingKey, timeoutMs: TIMEOUT_MS };
  }

  /** Pages of an account's ledger from the entry after `after` on; none where there is no account. */
  ledger(accountId: string, after: string): AsyncGenerator<LedgerPage> {
    const path = `/v1/accounts/${encodeURIComponent(accountId)}/audit/ledger`;
    return this.#pages(path, { after, limit: ENTRIES_PER_PAGE }, { schema: ledgerPage, cursor: 'after' });
  }

  async reference(accountId: string, reference: string): Promise<ReferenceAudit> {
    return (await this.#get(referencePath(accountId, reference), referenceAudit)) ?? { closedAt: null, holds: [] };
  }

  /** Captures of a reference with their lines, a few at a time. */
  async *captures(accountId: string, reference: string): AsyncGenerator<readonly CaptureRow[]> {
    const path = `${referencePath(accountId, reference)}/captures`;
    const pages = this.#pages(path, { limit: CAPTURES_PER_PAGE }, { schema: capturePage, cursor: 'after' });
    for await (const { items } of pages) yield items;
  }

  /** Open holds that are at least so old, of all accounts or of one. */
  async *openHolds({
    accountId,
    olderThanSeconds = 0,
  }: {
    readonly accountId?: string;
    readonly olderThanSeconds?: number;
  }): AsyncGenerator<readonly OpenHold[]> {
    const query = {
      state: 'open',
      limit: HOLDS_PER_PAGE,
      olderThanSeconds,
      ...(accountId !== undefined && { accountId }),
    };
    const pages = this.#pages('/v1/holds', query, { schema: openHoldPage, cursor: 'cursor' });
    for await (const { items } of pages) yield items;
  }

  /** Page after page of a list; none where there is no such thing. `cursor` is the parameter that goes on. */
  async *#pages<Page extends { readonly nextCursor: string | null }>(
    path: string,
    query: Readonly<Record<string, string | number>>,
    { schema, cursor }: { readonly schema: z.ZodType<Page>; readonly cursor: string },
  ): AsyncGenerator<Page> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    for (;;) {
      const page = await this.#get(`${path}?${search}`, schema);
      if (page === undefined) return;
      yield page;
      if (page.nextCursor === null) return;
      search.set(cursor, page.nextCursor);
    }
  }

  /** Undefined: there is no such thing. @throws BillingUnavailable also where the answer has not the form of the contract */
  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const reply = await callBilling(this.#billing, { method: 'GET', path });
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw unexpected('audit', reply);
    return parseAnswer('audit', schema, reply);
  }
}

const referencePath = (accountId: string, reference: string): string =>
  `/v1/accounts/${encodeURIComponent(accountId)}/audit/references/${encodeURIComponent(reference)}`;
