import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config/config.js';
import { callBilling, parseAnswer, unexpected } from './billing-http.js';
import type { BillingReply, BillingRequest } from './billing-http.js';

export { BillingRefused, BillingUnavailable } from './billing-http.js';

/** Captures of one answer to a list of holds; each has up to 10,000 cell versions. */
const CAPTURES_PER_ANSWER = 25;

const identified = z.object({ id: z.string() });
const closed = z.object({ reference: z.string() });
const hold = z.object({
  id: z.string(),
  reference: z.string(),
  amount: z.number(),
  captured: z.number(),
  released: z.number(),
  expired: z.number(),
  state: z.string(),
});
const captureOfHold = z.object({
  id: z.string(),
  amount: z.number(),
  refunded: z.boolean(),
  cellVersionIds: z.array(z.string()),
});
const holdWithCaptures = hold.extend({ captures: z.array(captureOfHold) });
export type BilledHold = z.infer<typeof holdWithCaptures>;
const holdsPage = z.object({ items: z.array(holdWithCaptures), nextCursor: z.string().nullish() });

const entriesPage = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      kind: z.string(),
      amount: z.number(),
      reference: z.string().optional(),
      jobId: z.string().optional(),
      pageNo: z.number().optional(),
      columnId: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type BilledEntries = z.infer<typeof entriesPage>;

const account = z.object({
  id: z.string(),
  granted: z.number(),
  available: z.number(),
  held: z.number(),
  spent: z.number(),
});
export type BilledAccount = z.infer<typeof account>;

export type HoldOutcome =
  | { readonly outcome: 'held'; readonly holdId: string }
  | { readonly outcome: 'insufficient'; readonly available: number; readonly required: number }
  | { readonly outcome: 'closed' };

/** `hold_ended`: the hold expired. `closed`: the job's reference has ended for ever. */
export type CaptureOutcome =
  | { readonly outcome: 'captured'; readonly captureId: string }
  | { readonly outcome: 'hold_ended' }
  | { readonly outcome: 'closed' };

export interface CaptureLine {
  readonly cellVersionId: string;
  readonly amount: number;
  readonly jobId: string;
  readonly pageNo: number;
  readonly columnId: string;
}

/**
 * Billing's public API. Every POST carries the key that makes it one effect however often it is sent; keys are literal here
 * and bodies come from stored data only (rule R13). Refusals are answers; anything else that is not a success throws
 * `BillingUnavailable`, or `BillingRefused` where asking again is no use.
 */
@Injectable()
export class BillingClient {
  readonly #billing: { readonly url: string; readonly key: string; readonly timeoutMs: number };

  constructor(config: Config) {
    this.#billing = {
      url: config.billingUrl,
      key: config.billingKey,
      timeoutMs: config.billingTimeoutSeconds * 1_000,
    };
  }

  /** Holds credits for a job; `n` is the generation of the hold. */
  async hold(request: {
    workspaceId: string;
    jobId: string;
    n: number;
    amount: number;
    ttlSeconds: number;
  }): Promise<HoldOutcome> {
    const { workspaceId, jobId, n, amount, ttlSeconds } = request;
    const reply = await this.#post(`/v1/accounts/${workspaceId}/holds`, `hold:${jobId}:${n}`, {
      amount,
      reference: jobId,
      ttlSeconds,
    });
    if (reply.status === 201) return { outcome: 'held', holdId: parseAnswer('hold', identified, reply).id };
    if (reply.status === 402 && reply.problem.code === 'insufficient_credits') {
      return {
        outcome: 'insufficient',
        available: reply.problem.available ?? 0,
        required: reply.problem.required ?? amount,
      };
    }
    if (reply.problem.code === 'reference_closed') return { outcome: 'closed' };
    throw unexpected('hold', reply);
  }

  /**
   * Lets the hold of generation `n` live its time from now on; `k` counts the renewals.
   * @returns false when it has ended: it never comes back
   */
  async renew(request: { holdId: string; jobId: string; n: number; k: number; ttlSeconds: number }): Promise<boolean> {
    const { holdId, jobId, n, k, ttlSeconds } = request;
    const reply = await this.#post(`/v1/holds/${holdId}/renew`, `renew:${jobId}:${n}:${k}`, { ttlSeconds });
    if (reply.problem.code === 'hold_ended') return false;
    if (reply.status !== 200) throw unexpected('renewal', reply);
    parseAnswer('renewal', identified, reply);
    return true;
  }

  /** Captures the manifest of a sealed page; lines that are captured already count as success. */
  async capture(request: {
    holdId: string;
    jobId: string;
    pageNo: number;
    n: number;
    lines: readonly CaptureLine[];
  }): Promise<CaptureOutcome> {
    const { holdId, jobId, pageNo, n, lines } = request;
    const reply = await this.#post(`/v1/holds/${holdId}/captures`, `capture:${jobId}:${pageNo}:${n}`, { lines });
    if (reply.status === 201) return { outcome: 'captured', captureId: parseAnswer('capture', identified, reply).id };
    if (reply.problem.code === 'hold_ended') return { outcome: 'hold_ended' };
    if (reply.problem.code === 'reference_closed') return { outcome: 'closed' };
    throw unexpected('capture', reply);
  }

  /** Ends the job's reference for ever: what is still held is released, and nothing can be held or captured for it again. */
  async closeReference(workspaceId: string, jobId: string): Promise<void> {
    const reply = await this.#post(`/v1/accounts/${workspaceId}/holds/close`, `close:${jobId}`, { reference: jobId });
    if (reply.status !== 200 && reply.status !== 201) throw unexpected('close', reply);
    parseAnswer('close', closed, reply);
  }

  /**
   * Ends the reference of a hold that belongs to no live job. By a key of its own: where the job's close was answered before
   * the hold was made, its key would only get that answer again.
   */
  async closeOrphan(accountId: string, { id, reference }: { id: string; reference: string }): Promise<void> {
    const reply = await this.#post(`/v1/accounts/${accountId}/holds/close`, `close-orphan:${id}`, { reference });
    if (reply.status !== 200 && reply.status !== 201) throw unexpected('close', reply);
  }

  async refund(captureId: string): Promise<void> {
    const reply = await this.#post(`/v1/captures/${captureId}/refunds`, `refund:${captureId}`, {});
    if (reply.problem.code === 'already_refunded') return;
    if (reply.status !== 201) throw unexpected('refund', reply);
    parseAnswer('refund', identified, reply);
  }

  /**
   * The holds of a job with their captures, refunded ones included, page by page: a large job has more cell versions than
   * one should keep at a time. A hold with many captures comes on several pages.
   */
  async *holdPages(workspaceId: string, jobId: string): AsyncGenerator<BilledHold[], void, undefined> {
    const path = `/v1/accounts/${workspaceId}/holds?reference=${encodeURIComponent(jobId)}&limit=${CAPTURES_PER_ANSWER}`;
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const reply = await this.#call({ method: 'GET', path: `${path}${from}` });
      if (reply.problem.code === 'account_not_found') return;
      if (reply.status !== 200) throw unexpected('list of holds', reply);
      const page = parseAnswer('list of holds', holdsPage, reply);
      yield page.items;
      cursor = page.nextCursor ?? null;
    }
  }

  /** All holds of a job with all their captures. */
  async holdsOf(workspaceId: string, jobId: string): Promise<BilledHold[]> {
    const holds = new Map<string, BilledHold>();
    for await (const page of this.holdPages(workspaceId, jobId)) {
      for (const part of page) {
        const captures = [...(holds.get(part.id)?.captures ?? []), ...part.captures];
        // Of a hold that changes while it is read the last part is the one that knows of all its captures.
        holds.set(part.id, { ...part, captures });
      }
    }
    return [...holds.values()];
  }

  /** Balances of a workspace; zeros before its first grant. */
  async account(workspaceId: string): Promise<BilledAccount> {
    const reply = await this.#call({ method: 'GET', path: `/v1/accounts/${workspaceId}` });
    if (reply.problem.code === 'account_not_found') {
      return { id: workspaceId, granted: 0, available: 0, held: 0, spent: 0 };
    }
    if (reply.status !== 200) throw unexpected('account', reply);
    return parseAnswer('account', account, reply);
  }

  /** Lines of a workspace's ledger, newest first; none before its first grant. The cursor is billing's. */
  async entries(
    workspaceId: string,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<BilledEntries> {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) });
    const reply = await this.#call({ method: 'GET', path: `/v1/accounts/${workspaceId}/entries?${query}` });
    if (reply.problem.code === 'account_not_found') return { items: [], nextCursor: null };
    if (reply.status !== 200) throw unexpected('ledger', reply);
    return parseAnswer('ledger', entriesPage, reply);
  }

  async #post(path: string, idempotencyKey: string, body: unknown): Promise<BillingReply> {
    return this.#call({ method: 'POST', path, idempotencyKey, body });
  }

  async #call(request: BillingRequest): Promise<BillingReply> {
    return callBilling(this.#billing, request);
  }
}
