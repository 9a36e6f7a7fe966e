import type { BillingServer } from '../support/billing-server.js';

/** What may stand in a place: text up to 200 characters unless it says otherwise, or a whole number in a range. */
export type Field =
  | { readonly type: 'text'; readonly max?: number; readonly optional?: boolean; readonly mayBeEmpty?: boolean }
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly optional?: boolean }
  | { readonly type: 'pattern'; readonly optional?: boolean }
  | { readonly type: 'lines' };

export type Fields = Readonly<Record<string, Field>>;

/** What a test knows of a route; the names of `path` are those of its parameters. */
export interface Route {
  /** Code of the 404 that an id is answered which nobody has; none where it names something new. */
  readonly unknown?: string;
  readonly body?: Fields;
  readonly query?: Fields;
  /** A body that is accepted: each is used once. */
  readonly valid?: () => unknown;
}

const MAX_CREDITS = 1_000_000_000_000;
const MAX_TTL_SECONDS = 31 * 24 * 3600;
const text = { type: 'text' } as const;
const optionalText = { type: 'text', optional: true } as const;
const ttlSeconds = { type: 'integer', min: 1, max: MAX_TTL_SECONDS } as const;
const pages = (max: number) => ({ type: 'integer', min: 1, max, optional: true }) as const;
const cursor = { type: 'pattern', optional: true } as const;

let made = 0;
const fresh = (): string => `fresh-${(made += 1)}`;

/** One line of a capture. */
export const LINE: Fields = {
  cellVersionId: text,
  amount: { type: 'integer', min: 0, max: MAX_CREDITS },
  jobId: optionalText,
  pageNo: { type: 'integer', min: 0, max: 2 ** 31 - 1, optional: true },
  columnId: optionalText,
  'a/member~of ours': optionalText,
};
export const line = (): Record<string, unknown> => ({ cellVersionId: fresh(), amount: 0 });

export const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/accounts/:accountId/grants': {
    body: {
      amount: { type: 'integer', min: 1, max: MAX_CREDITS },
      note: { type: 'text', max: 500, optional: true, mayBeEmpty: true },
    },
    valid: () => ({ amount: 1, note: 'a note' }),
  },
  'GET /v1/accounts/:accountId': { unknown: 'account_not_found' },
  'GET /v1/accounts/:accountId/entries': { unknown: 'account_not_found', query: { limit: pages(1_000), cursor } },
  'POST /v1/accounts/:accountId/holds': {
    body: { amount: { type: 'integer', min: 0, max: MAX_CREDITS }, reference: text, ttlSeconds },
    valid: () => ({ amount: 0, reference: fresh(), ttlSeconds: 60 }),
  },
  'POST /v1/accounts/:accountId/holds/close': { body: { reference: text }, valid: () => ({ reference: fresh() }) },
  'GET /v1/accounts/:accountId/holds': {
    unknown: 'account_not_found',
    query: { reference: text, limit: pages(100), cursor },
  },
  'POST /v1/holds/:holdId/captures': {
    unknown: 'hold_not_found',
    body: { lines: { type: 'lines' } },
    valid: () => ({ lines: [line()] }),
  },
  'POST /v1/holds/:holdId/renew': {
    unknown: 'hold_not_found',
    body: { ttlSeconds },
    valid: () => ({ ttlSeconds: 60 }),
  },
  'POST /v1/captures/:captureId/refunds': { unknown: 'capture_not_found', body: {}, valid: () => ({}) },
  'GET /v1/accounts/:accountId/audit/ledger': {
    unknown: 'account_not_found',
    query: { after: cursor, limit: pages(5_000) },
  },
  'GET /v1/accounts/:accountId/audit/references/:reference': {},
  'GET /v1/accounts/:accountId/audit/references/:reference/captures': { query: { after: cursor, limit: pages(50) } },
  'GET /v1/holds': {
    query: {
      state: { type: 'pattern' },
      accountId: optionalText,
      olderThanSeconds: { type: 'integer', min: 0, max: MAX_TTL_SECONDS, optional: true },
      limit: pages(1_000),
      cursor,
    },
  },
};

/** Answers without a key and takes nothing. */
export const KEYLESS = ['GET /health/live', 'GET /health/ready', 'GET /metrics'];

/** Something for every parameter to name. */
export async function furnish(billing: BillingServer): Promise<Readonly<Record<string, () => Promise<string>>>> {
  const accountId = await billing.account(1_000_000);
  const holdId = await billing.hold(accountId, 10, 'reference');
  return {
    accountId: () => Promise.resolve(accountId),
    holdId: () => Promise.resolve(holdId),
    reference: () => Promise.resolve('reference'),
    // A capture is refunded once.
    captureId: async () => (await billing.post(`/v1/holds/${holdId}/captures`, { lines: [line()] })).body.id as string,
  };
}
