import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

const logFile = SandboxProcess.newLogFile();
let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(logFile);
  await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

type Events = readonly Readonly<Record<string, unknown>>[];
interface Reply {
  readonly results: readonly { readonly id?: string; readonly error?: object; readonly [type: string]: unknown }[];
  readonly billing: { readonly creditsCharged: number; readonly resultsReturned: number };
}

const names = Array.from({ length: 100 }, (_, index) => `Signal Company ${index}`);

async function ask(path: string, body: object): Promise<Reply> {
  const response = await sandbox.post('lusha', path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Reply;
}

async function knownCompanies(): Promise<{ name: string; id: string }[]> {
  const { results } = await ask('/v3/companies/search', { companies: names.map((name) => ({ name })) });
  return results.flatMap(({ id }, index) => (id === undefined ? [] : [{ id, name: names[index] ?? '' }]));
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function eventsOf(result: Reply['results'][number]): Events {
  return Object.values(result).flatMap((value) => (Array.isArray(value) ? (value as Events) : []));
}

function dateOf(event: Events[number]): string {
  return String(event['signalDate'] ?? event['articlePublishedDate']);
}

describe('Lusha signals', () => {
  test('a search gives the ids that enrichment gives, and bills each match', async () => {
    const before = (await sandbox.calls()).length;
    const companies = await knownCompanies();
    const billed = (await sandbox.calls(before)).filter(({ billable }) => billable);
    expect(billed.map(({ key }) => key)).toEqual(companies.map(({ name }) => name.toLowerCase()));
    const [first] = companies;
    const enriched = await ask('/v3/companies/search-and-enrich', {
      companies: [{ name: first?.name }, { id: first?.id }],
    });
    expect(enriched.results.map(({ id }) => id)).toEqual([first?.id, first?.id]);
  });

  test('some companies have none; the others several of a kind, spread over the year, charged one by one', async () => {
    const ids = (await knownCompanies()).map(({ id }) => id);
    const body = { ids, signalTypes: ['allSignals'], startDate: daysAgo(365), maxResultsPerSignal: 100 };
    const before = (await sandbox.calls()).length;
    const { results, billing } = await ask('/v3/companies/signals', body);
    const counts = results.map((result) => eventsOf(result).length);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(2);
    expect(
      results.some((result) => Object.values(result).some((events) => Array.isArray(events) && events.length > 1)),
    ).toBe(true);
    expect(billing).toEqual({
      creditsCharged: counts.reduce((sum, count) => sum + count, 0),
      resultsReturned: counts.filter((count) => count > 0).length,
    });
    const dates = results.flatMap((result) => eventsOf(result).map(dateOf));
    for (const quarter of [0, 1, 2, 3]) {
      const inQuarter = dates.filter((date) => date <= daysAgo(quarter * 90) && date > daysAgo((quarter + 1) * 90));
      expect(inQuarter.length).toBeGreaterThan(10);
    }
    expect((await sandbox.calls(before)).map(({ billable }) => billable)).toEqual(counts.map((count) => count > 0));
    const capped = await ask('/v3/companies/signals', { ...body, maxResultsPerSignal: 1 });
    const most = capped.results.flatMap((result) =>
      Object.values(result).map((value) => (Array.isArray(value) ? value.length : 0)),
    );
    expect(Math.max(...most)).toBe(1);
  });

  test('the checker is told the latest event of the kinds asked for within the window', async () => {
    const companies = await knownCompanies();
    const body = { ids: companies.map(({ id }) => id), signalTypes: ['financialEventsNews', 'surgeInHiring'] };
    const { results } = await ask('/v3/companies/signals', { ...body, startDate: daysAgo(90) });
    let found = 0;
    for (const [index, { name }] of companies.entries()) {
      const query = new URLSearchParams({
        provider: 'lusha',
        entityType: 'company',
        key: name,
        kinds: 'funding,hiring',
        withinDays: '90',
      });
      const answer = await sandbox.adminJson<{ found: boolean; values: Record<string, unknown> }>(
        'GET',
        `/admin/answers?${query.toString()}`,
      );
      const dates = eventsOf(results[index] ?? {})
        .map(dateOf)
        .sort();
      expect(new Set(dates).size).toBe(dates.length);
      expect(answer.found ? answer.values['date'] : undefined).toBe(dates.at(-1));
      if (!answer.found) continue;
      found += 1;
      expect(['funding', 'hiring']).toContain(answer.values['kind']);
      expect(answer.values['title']).toEqual(expect.any(String));
    }
    expect(found).toBeGreaterThan(10);
  });

  test('contacts have changes of job alone, and an id that was never given out is an error of its own', async () => {
    const contacts = Array.from({ length: 60 }, (_, index) => ({ email: `p${index}@acme.com` }));
    const { results: found } = await ask('/v3/contacts/search', { contacts });
    const ids = [...found.flatMap(({ id }) => (id === undefined ? [] : [id])), 'v1.AAAAAAAAAAAAAAAA', '115889'];
    const { results } = await ask('/v3/contacts/signals', {
      ids,
      signalTypes: ['allSignals'],
      startDate: daysAgo(365),
    });
    expect(results.map(({ id }) => id)).toEqual(ids);
    expect(results.slice(-2)).toMatchObject([{ error: { code: 'NOT_FOUND' } }, { error: { code: 'NOT_FOUND' } }]);
    expect(results.flatMap(eventsOf).length).toBeGreaterThan(20);
    expect((await sandbox.calls()).at(-3)?.key).toMatch(/^p\d+@acme\.com$/);
  });

  test('ids stay valid over a crash, and not over a reset to another seed', async () => {
    const [company] = await knownCompanies();
    const signals = async (): Promise<Reply> =>
      ask('/v3/companies/signals', { ids: [company?.id], signalTypes: ['allSignals'], startDate: daysAgo(365) });
    const before = await signals();
    await sandbox.end('SIGKILL');
    sandbox = await SandboxProcess.start(logFile);
    expect(await signals()).toEqual(before);
    await sandbox.admin('POST', '/admin/reset', { seed: 'another' });
    await sandbox.admin('PUT', '/admin/latency', { provider: 'lusha', p50Ms: 0, p99Ms: 0 });
    expect((await signals()).results).toMatchObject([{ error: { code: 'NOT_FOUND' } }]);
  });

  test.each([
    ['no ids', { ids: [], signalTypes: ['allSignals'] }],
    ['a kind that Lusha does not have', { ids: ['1'], signalTypes: ['funding'] }],
    ['no kinds', { ids: ['1'] }],
    ['101 ids', { ids: Array.from({ length: 101 }, (_, index) => String(index)), signalTypes: ['allSignals'] }],
  ])('a body with %s is refused', async (_what, body) => {
    expect((await sandbox.post('lusha', '/v3/companies/signals', body)).status).toBe(400);
  });
});
