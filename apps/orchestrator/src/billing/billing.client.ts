import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config/config.js';

const BILLING_TIMEOUT_MS = 10_000;

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

const account = z.object({
  id: z.string(),
  granted: z.number(),
  available: z.number(),
  held: z.number(),
  spent: z.number(),
});
export type BilledAccount = z.infer<typeof account>;

const problem = z.object({
  code: z.string().optional(),
  available: z.number().optional(),
  required: z.number().optional(),
});

export type HoldOutcome =
  | { readonly outcome: 'held'; readonly holdId: string }
  | { readonly outcome: 'insufficient'; readonly available: number; readonly required: number }
  | { readonly outcome: 'closed' };

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

/** Billing did not do what was asked, and asking again may help: the activity around it retries. */
export class BillingUnavailable extends Error {}

/** Billing does not accept the request as it is, and never will: asking again is no use. */
export class BillingRefused extends Error {}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly problem: z.infer<typeof problem>;
}

/**
 * Billing's public API. Every POST carries the key that makes it one effect however often it is sent; keys are literal here
 * and bodies come from stored data only (rule R13). Refusals are answers; anything else that is not a success throws.
 */
@Injectable()
export class BillingClient {
  readonly #url: string;
  readonly #key: string;

  constructor(config: Config) {
    this.#url = config.billingUrl;
    this.#key = config.billingKey;
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
    if (reply.status === 201) return { outcome: 'held', holdId: hold.parse(reply.body).id };
    if (reply.status === 402) {
      return {
        outcome: 'insufficient',
        available: reply.problem.available ?? 0,
        required: reply.problem.required ?? amount,
      };
    }
    if (reply.problem.code === 'reference_closed') return { outcome: 'closed' };
    throw unexpected('hold', reply);
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
    if (reply.status === 201)
      return { outcome: 'captured', captureId: z.object({ id: z.string() }).parse(reply.body).id };
    if (reply.problem.code === 'hold_ended') return { outcome: 'hold_ended' };
    if (reply.problem.code === 'reference_closed') return { outcome: 'closed' };
    throw unexpected('capture', reply);
  }

  /** Ends the job's reference for ever: what is still held is released, and nothing can be held or captured for it again. */
  async closeReference(workspaceId: string, jobId: string): Promise<void> {
    const reply = await this.#post(`/v1/accounts/${workspaceId}/holds/close`, `close:${jobId}`, { reference: jobId });
    if (reply.status !== 200 && reply.status !== 201) throw unexpected('close', reply);
  }

  async refund(captureId: string): Promise<void> {
    const reply = await this.#post(`/v1/captures/${captureId}/refunds`, `refund:${captureId}`, {});
    if (reply.status !== 201 && reply.problem.code !== 'already_refunded') throw unexpected('refund', reply);
  }

  /** All holds of a job with their captures, refunded ones included. */
  async holdsOf(workspaceId: string, jobId: string): Promise<BilledHold[]> {
    const reply = await this.#send('GET', `/v1/accounts/${workspaceId}/holds?reference=${encodeURIComponent(jobId)}`);
    if (reply.status === 404) return [];
    if (reply.status !== 200) throw unexpected('list of holds', reply);
    return z.object({ items: z.array(holdWithCaptures) }).parse(reply.body).items;
  }

  /** Balances of a workspace; zeros before its first grant. */
  async account(workspaceId: string): Promise<BilledAccount> {
    const reply = await this.#send('GET', `/v1/accounts/${workspaceId}`);
    if (reply.status === 404) return { id: workspaceId, granted: 0, available: 0, held: 0, spent: 0 };
    if (reply.status !== 200) throw unexpected('account', reply);
    return account.parse(reply.body);
  }

  async #post(path: string, idempotencyKey: string, body: unknown): Promise<Reply> {
    return this.#send('POST', path, { idempotencyKey, body });
  }

  async #send(method: string, path: string, post?: { idempotencyKey: string; body: unknown }): Promise<Reply> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#key}` };
    if (post) Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': post.idempotencyKey });
    let response: Response;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(BILLING_TIMEOUT_MS),
        ...(post && { body: JSON.stringify(post.body) }),
      });
      const body: unknown = await response.json();
      const parsed = problem.safeParse(body);
      return { status: response.status, body, problem: parsed.success ? parsed.data : {} };
    } catch {
      throw new BillingUnavailable(`Billing did not answer ${method} ${path.split('?')[0]}`);
    }
  }
}

const REFUSALS: readonly number[] = [400, 413, 422];

function unexpected(what: string, { status, problem: { code } }: Reply): BillingUnavailable | BillingRefused {
  const message = `Billing answered the ${what} with ${status} ${code ?? ''}`.trim();
  return REFUSALS.includes(status) ? new BillingRefused(message) : new BillingUnavailable(message);
}
