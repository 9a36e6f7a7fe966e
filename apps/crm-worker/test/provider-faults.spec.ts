import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from '@uno/testing';
import { PageFailed } from '@uno/worker-kit';
import type { CellResult } from '@uno/workflow-contracts';
import { companies, COMPANIES, rowOf, SandboxCrm } from './fixtures/sandbox-crm.js';

const CANARY = 'canary-7e21';
const UPSERT = '/crm/v3/objects/companies/batch/upsert';
const READ = '/crm/v3/objects/companies/batch/read';
const LIMITS = { maxReplyBytes: 1_000_000 };
/** Short for the faults that are about time alone: a busy machine must not count as a slow CRM. */
const SHORT_TIMEOUT_MS: Readonly<Record<string, number>> = { hang: 300, slow_drip: 1_000 };
const limitsFor = (name: string) => ({ ...LIMITS, timeoutMs: SHORT_TIMEOUT_MS[name] ?? 20_000 });
const rows = Array.from({ length: 4 }, (_, index) =>
  rowOf(`${CANARY}-${index}.com`, { 'attr:Company Name': `${CANARY} ${index}`, col_industry: 'Retail' }),
);

let sandbox: SandboxProcess;
let crm: SandboxCrm;

beforeAll(async () => {
  sandbox = await SandboxProcess.start();
});

afterAll(async () => {
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.reset('1');
  crm = new SandboxCrm(sandbox, LIMITS);
});

const fault = (name: string, route: string, more: object = {}) =>
  sandbox.setFaults([{ provider: 'hubspot', route, fault: name, ...more }]);

const filled = (cells: readonly CellResult[]): number => cells.filter(({ status }) => status === 'filled').length;

type FaultCase = readonly [fault: string, params: object | undefined, code: string, message: RegExp];

const DOWN: readonly FaultCase[] = [
  ['rate_limited', undefined, 'provider_rate_limited', /kept refusing because of its rate limit\. .+HUBSPOT_REQUESTS/],
  ['server_error', { status: 503 }, 'provider_unavailable', /had an internal error\. Try .+ later/],
  ['hang', undefined, 'provider_timeout', /did not answer in time\. Try .+ later/],
  ['slow_drip', undefined, 'provider_too_slow', /began to answer but did not end in time\. Try .+ later/],
  ['reset_after_count', undefined, 'provider_connection_lost', /closed the connection before .+\. Try .+ later/],
  ['unauthorized', undefined, 'provider_unauthorized', /does not accept the configured key\. Check HUBSPOT_API_KEY/],
  ['out_of_credits', undefined, 'provider_out_of_credits', /has no credits left on this account\. Top up/],
  ['forbidden', undefined, 'provider_forbidden', /does not allow this on the current plan\. Change the plan/],
];

const USELESS: readonly FaultCase[] = [
  ['html_body', undefined, 'provider_answered_page', /answered with a page instead of data .+HUBSPOT_URL/],
  ['oversized_body', { bytes: 2_000_000 }, 'provider_answer_too_large', /answered with more data than is taken/],
  ['wrong_schema', undefined, 'provider_invalid_answer', /answered in a form that cannot be read each time\. .+URL/],
  ['wrong_schema', { part: 'items' }, 'provider_row_invalid', /answered for this row in a form .+ later/],
  ['wrong_schema', { part: 'references' }, 'provider_answer_mixed_up', /mixed up the rows of its answer/],
  ['empty_result', undefined, 'provider_row_missing', /did not say what became of this row each time\. .+ later/],
  ['partial_batch', { share: 1 }, 'provider_unavailable', /had an internal error\. Try .+ later/],
];

const CONFLICT: FaultCase = [
  'item_error',
  { share: 1, code: 'CONFLICT' },
  'provider_conflict',
  /has another record .+ Merge/,
];

describe.each([
  ['read', READ],
  ['upsert', UPSERT],
] as const)('a CRM whose %s has the fault', (_action, route) => {
  test.each(route === UPSERT ? DOWN : DOWN.slice(0, 2))(
    '%s %j fails the page with its own reason, and what was written is taken back',
    async (name, params, code, message) => {
      await fault(name, route, params && { params });
      const down = new SandboxCrm(sandbox, { ...limitsFor(name), retryBudgetSeconds: 0.5 });
      const failure = await down.fill(rows, { crm: COMPANIES }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PageFailed);
      expect(failure).toMatchObject({ code, provider: 'hubspot', message: expect.stringMatching(message) });
      expect((failure as PageFailed).message).not.toContain(CANARY);
      await sandbox.setFaults([]);
      await down.revert();
      expect((await crm.records()).filter(({ archived }) => !archived)).toEqual([]);
    },
  );

  const useless = route === UPSERT ? [...USELESS, CONFLICT] : USELESS;
  test.each(useless)(
    '%s %j leaves its reason in every cell, and no record twice',
    async (name, params, code, message) => {
      await crm.fill(rows, { crm: COMPANIES });
      await fault(name, route, params && { params });
      const cells = await crm.fill(rows, { crm: COMPANIES });
      expect(cells).toHaveLength(rows.length);
      for (const { status, reason } of cells) {
        expect({ status, reason }).toEqual({
          status: 'error',
          reason: { code, message: expect.stringMatching(message) },
        });
      }
      expect(JSON.stringify(cells.map(({ reason, provenance }) => [reason, provenance]))).not.toContain(CANARY);
      await sandbox.setFaults([]);
      expect(filled(await crm.fill(rows, { crm: COMPANIES }))).toBe(rows.length);
      expect(await crm.records()).toHaveLength(rows.length);
    },
  );

  const passing = route === UPSERT ? [...DOWN.slice(0, 5), ...USELESS] : USELESS.slice(4);
  test.each(passing)('%s %j that passes is felt by no cell', async (name, params) => {
    crm = new SandboxCrm(sandbox, limitsFor(name));
    await fault(name, route, { ...(params && { params }), times: 1 });
    const cells = await crm.fill(rows, { crm: COMPANIES });
    expect(await sandbox.faultHits()).toEqual([1]);
    expect(cells).toMatchObject(rows.map(() => ({ status: 'filled', value: { outcome: 'created' } })));
    expect(await crm.records()).toHaveLength(rows.length);
    await crm.revert();
    expect((await crm.records()).every(({ archived }) => archived)).toBe(true);
  });
});

describe('a part of a call', () => {
  test('that fails is asked again alone', async () => {
    await fault('partial_batch', UPSERT, { times: 2 });
    const since = (await sandbox.calls()).length;
    expect(filled(await crm.fill(companies(8), { crm: COMPANIES }))).toBe(8);
    const upserts = (await crm.calls(since)).filter((call) => call.route === UPSERT);
    // Half of eight is left out, then half of those.
    expect(upserts).toHaveLength(8 + 4 + 2);
  });
});

describe('a wrong key', () => {
  test('fails the page at once', async () => {
    const wrong = new SandboxCrm(sandbox, { apiKey: 'wrong' });
    const since = (await sandbox.calls()).length;
    await expect(wrong.fill(rows, { crm: COMPANIES })).rejects.toMatchObject({ code: 'provider_unauthorized' });
    expect(await crm.calls(since)).toHaveLength(rows.length);
    expect(wrong.journal.entries).toEqual([]);
  });
});
