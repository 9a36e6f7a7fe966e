import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from '@uno/testing';
import { PageFailed } from '@uno/worker-kit';
import type { CellResult, OpenRow } from '@uno/workflow-contracts';
import { LushaSignals } from '../src/signals/index.js';
import { fill, rowOf, type Filled, type FillOptions } from './fake-signals.js';
import { callsTo, latestEventIn, ROUTES, type Question } from './signals-sandbox.js';

const CANARY = 'canary-61c8';
let sandbox: SandboxProcess;
let before = 0;

beforeAll(async () => {
  sandbox = await SandboxProcess.start();
});

afterAll(async () => {
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.reset('1');
  before = (await sandbox.calls()).length;
});

const COLUMNS = {
  company: [
    { columnId: 'money', config: { kinds: ['funding'], withinDays: 90 } },
    { columnId: 'all', config: { kinds: ['funding', 'hiring', 'news'], withinDays: 365 } },
  ],
  contact: [{ columnId: 'job', config: { kinds: ['job_change'], withinDays: 200 } }],
};

type Identities = Readonly<Record<string, OpenRow['identity']>>;

interface SandboxFill extends FillOptions {
  readonly timeoutMs?: number;
  readonly apiKey?: string;
  readonly memories?: Filled['memories'];
}

/** Fills a row for each identity, by its key. */
function fillFromSandbox(
  entityType: 'company' | 'contact',
  identities: Identities,
  { timeoutMs = 5_000, apiKey = 'sandbox-lusha', memories, ...options }: SandboxFill = {},
): Promise<Filled> {
  const provider = new LushaSignals({ baseUrl: sandbox.url, apiKey, timeoutMs });
  const columns = COLUMNS[entityType];
  const columnIds = columns.map(({ columnId }) => columnId);
  const rows = Object.entries(identities).map(([key, identity]) =>
    rowOf(key, columnIds, { identity, memory: memories?.get(key) ?? {} }),
  );
  return fill(provider, { entityType, columns, rows }, { now: new Date(), ...options });
}

const companies = (count: number): Identities =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${CANARY} ${index}`, { name: `${CANARY} ${index}` }]),
  );

/** How often cells of each status and reason occur, when every cell is as the sandbox knows it. */
async function expectAsAnswered(entityType: 'company' | 'contact', { cells }: Filled): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const check = async ({ rowId, columnId, status, value, reason }: CellResult): Promise<void> => {
    const config = COLUMNS[entityType].find((column) => column.columnId === columnId)?.config;
    const { found } = await sandbox.answer('lusha', entityType, rowId);
    const event = found ? await latestEventIn(sandbox, rowId, { entityType, ...config } as Question) : undefined;
    expect({ rowId, columnId, status, value }).toEqual({
      ...{ rowId, columnId, status: event === undefined ? 'not_found' : 'filled', value: event },
    });
    if (event === undefined) expect(reason?.code).toBe(found ? 'no_event' : 'no_match');
    const ended = reason?.code ?? status;
    seen.set(ended, (seen.get(ended) ?? 0) + 1);
  };
  await Promise.all(cells.map(check));
  return seen;
}

describe('against the sandbox', () => {
  test('every cell of 100 companies holds the latest event, with one search and one call for all columns', async () => {
    const byName = companies(50);
    const byDomain = Array.from({ length: 50 }, (_, index) => [
      `company-${index}.com`,
      { name: 'ignored', domain: `https://www.Company-${index}.com/about` },
    ]);
    const filled = await fillFromSandbox('company', { ...byName, ...Object.fromEntries(byDomain) });
    expect(filled.cells).toHaveLength(200);
    const seen = await expectAsAnswered('company', filled);
    for (const ended of ['filled', 'no_event', 'no_match']) expect(seen.get(ended)).toBeGreaterThan(5);
    const searches = await callsTo(sandbox, ROUTES.company.search, before);
    const [asked, ...others] = await callsTo(sandbox, ROUTES.company.signals, before);
    expect([searches.length, searches[0]?.length, others.length]).toEqual([1, 100, 0]);
    // Who was not found is not asked for.
    expect(asked?.length).toBe(filled.memories.size);
    expect(filled.memories.size).toBe(searches[0]?.filter(({ billable }) => billable).length);
  });

  test('every cell of contacts too, by address and by name with domain', async () => {
    const people = Array.from({ length: 30 }, (_, index) => [
      ...[`ada king lovelace${index}|acme${index}.com`],
      ...[{ name: `Ada King Lovelace${index}`, domain: `Acme${index}.com` }],
    ]);
    const addresses = Array.from({ length: 30 }, (_, index) => [
      ...[`person.${index}@example.org`],
      ...[{ email: `Person.${index}@Example.org` }],
    ]);
    const filled = await fillFromSandbox('contact', Object.fromEntries([...people, ...addresses]) as Identities);
    const seen = await expectAsAnswered('contact', filled);
    for (const ended of ['filled', 'no_event', 'no_match']) expect(seen.get(ended)).toBeGreaterThan(1);
  });

  test('says in the provenance exactly what the sandbox charged for', async () => {
    const { cells } = await fillFromSandbox('company', companies(25));
    const all = [
      ...(await callsTo(sandbox, ROUTES.company.search, before)),
      ...(await callsTo(sandbox, ROUTES.company.signals, before)),
    ];
    const charged = all.flat().filter(({ billable }) => billable).length;
    const ofRows = cells.filter(({ columnId }) => columnId === 'all');
    expect(JSON.stringify(ofRows).match(/"charged":true/g)).toHaveLength(charged);
  });

  test('what is remembered saves the search at the next fill, with the same events', async () => {
    const first = await fillFromSandbox('company', companies(25));
    const unmatched = 25 - first.memories.size;
    before = (await sandbox.calls()).length;
    const second = await fillFromSandbox('company', companies(25), { memories: first.memories });
    expect(second.cells.map(({ value }) => value)).toEqual(first.cells.map(({ value }) => value));
    expect(second.memories.size).toBe(0);
    const [search] = await callsTo(sandbox, ROUTES.company.search, before);
    expect(search?.length).toBe(unmatched);
  });

  test('an id that was never given out is searched for again', async () => {
    const { memories } = await fillFromSandbox('company', companies(25));
    const [stale = ''] = memories.keys();
    const spoiled = new Map([...memories, [stale, { lushaId: 'v1.NeverGivenOut0000000000000000000' }]]);
    before = (await sandbox.calls()).length;
    const again = await fillFromSandbox('company', companies(25), { memories: spoiled });
    await expectAsAnswered('company', again);
    expect(again.memories).toEqual(new Map([[stale, memories.get(stale)]]));
    const signals = await callsTo(sandbox, ROUTES.company.signals, before);
    expect(signals.map(({ length }) => length)).toEqual([memories.size, 1]);
    const searches = await callsTo(sandbox, ROUTES.company.search, before);
    expect(searches.at(-1)?.map(({ key }) => key)).toEqual([stale]);
  });
});

type Fault = readonly [fault: string, params: object | undefined, code: string, message: RegExp];

const TRANSPORT: readonly Fault[] = [
  ['rate_limited', undefined, 'provider_rate_limited', /^Lusha kept refusing because of its rate limit\..+PER_SECOND/],
  ['server_error', { status: 503 }, 'provider_unavailable', /^Lusha had an internal error\. .+ support of Lusha\.$/],
  ['hang', undefined, 'provider_timeout', /^Lusha did not answer in time\. .+ again later/],
  ['latency', { ms: 5_000 }, 'provider_timeout', /^Lusha did not answer in time\. .+ again later/],
  ['slow_drip', undefined, 'provider_too_slow', /^Lusha began to answer but did not end in time\./],
  ['reset_after_count', undefined, 'provider_connection_lost', /^Lusha closed the connection before it had answered\./],
  ['unauthorized', undefined, 'provider_unauthorized', /^Lusha does not accept the configured key\. .+LUSHA_API_KEY/],
  ['out_of_credits', undefined, 'provider_out_of_credits', /^Lusha has no credits left on this account\. Top up/],
  ['forbidden', undefined, 'provider_forbidden', /^Lusha does not allow this on the current plan\. Change the plan/],
];

/** Where the test waits for it. */
const TIMEOUTS_MS: Readonly<Record<string, number>> = { hang: 300, latency: 300, slow_drip: 1_000 };

const OF_ANSWERS: readonly Fault[] = [
  ['html_body', undefined, 'provider_answered_page', /^Lusha answered with a page .+ each time\. .+LUSHA_URL/],
  ['oversized_body', undefined, 'provider_answer_too_large', /^Lusha answered with more data than is taken/],
  ['wrong_schema', undefined, 'provider_invalid_answer', /^Lusha answered in a form that cannot be read each time\./],
];
const OF_ITEMS: readonly Fault[] = [
  ['wrong_schema', { part: 'references' }, 'provider_answer_mixed_up', /^Lusha mixed up the rows of its answer/],
  ['wrong_schema', { part: 'items' }, 'provider_row_invalid', /^Lusha answered for this row in a form that/],
  ['partial_batch', { share: 1 }, 'provider_row_missing', /^Lusha left this row out of its answer each time\./],
  ['item_error', { code: 'COMPLIANCE_RESTRICTED', share: 1 }, 'provider_restricted', /^Lusha may not share .+ by hand/],
  ['item_error', { code: 'ENRICH_FAILED', share: 1 }, 'provider_lookup_failed', /^Lusha could not look .+ again later/],
];

describe('with a fault in every call', () => {
  test.each(TRANSPORT)('%s %j, the page fails at the end of the budget', async (fault, params, code, message) => {
    await sandbox.setFaults([{ provider: 'lusha', fault, ...(params && { params }) }]);
    // No second try fits into this budget; those that it has room for are below.
    const options = { timeoutMs: TIMEOUTS_MS[fault] ?? 5_000, retryBudgetSeconds: 0.1 };
    const failure: unknown = await fillFromSandbox('company', companies(5), options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageFailed);
    expect(failure).toMatchObject({ code, provider: 'lusha', message: expect.stringMatching(message) });
    expect((failure as PageFailed).stack).not.toContain(CANARY);
    expect(await sandbox.faultHits()).toEqual([1]);
  });

  test.each(['server_error', 'rate_limited', 'reset_after_count'])('twice %s, it is retried away', async (fault) => {
    await sandbox.setFaults([{ provider: 'lusha', route: ROUTES.company.signals, fault, times: 2 }]);
    await expectAsAnswered('company', await fillFromSandbox('company', companies(10)));
  });
});

describe.each([
  ['search', OF_ITEMS],
  ['signals', [...OF_ANSWERS, ...OF_ITEMS]],
] as const)('with a fault in every answer to a %s', (call, faults) => {
  const route = ROUTES.company[call];

  test.each(faults)('%s %j, the rows end as errors', async (fault, params, code, message) => {
    await sandbox.setFaults([{ provider: 'lusha', route, fault, ...(params && { params }) }]);
    const { cells, memories } = await fillFromSandbox('company', companies(10));
    const errors = cells.filter(({ status }) => status === 'error');
    expect(errors.length).toBeGreaterThan(0);
    for (const { reason } of errors) expect(reason).toEqual({ code, message: expect.stringMatching(message) });
    // Whom the search found is remembered, whatever became of the rest.
    expect(memories.size > 0).toBe(call === 'signals');
    expect(JSON.stringify(cells.map(({ reason, provenance }) => ({ reason, provenance })))).not.toContain(CANARY);
    expect(await sandbox.faultHits()).toEqual([fault === 'item_error' ? 1 : 3]);
  });

  test('half of the rows left out, they are asked again alone, and everything is found', async () => {
    await sandbox.setFaults([{ provider: 'lusha', route, fault: 'partial_batch', times: 2 }]);
    await expectAsAnswered('company', await fillFromSandbox('company', companies(20)));
    const asked = (await callsTo(sandbox, route, before)).map(({ length }) => length);
    expect(asked).toHaveLength(3);
    expect(asked).toEqual(asked.toSorted((one, other) => other - one));
  });

  test('nobody found, the cells are not_found', async () => {
    await sandbox.setFaults([{ provider: 'lusha', route, fault: 'empty_result' }]);
    const { cells } = await fillFromSandbox('company', companies(10));
    expect(new Set(cells.map(({ status }) => status))).toEqual(new Set(['not_found']));
  });
});

test('an abort ends a hanging call at once', async () => {
  await sandbox.setFaults([{ provider: 'lusha', fault: 'hang' }]);
  const controller = new AbortController();
  const stopped = expect(fillFromSandbox('company', companies(1), { signal: controller.signal })).rejects.toThrow(
    'stop',
  );
  while ((await sandbox.calls(before)).length === 0);
  controller.abort(new Error('stop'));
  await stopped;
});
