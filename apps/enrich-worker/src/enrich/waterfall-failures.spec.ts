import { describe, expect, test } from '@jest/globals';
import { PageFailed } from '@uno/worker-kit';
import { answersWith, failsWith, found, NOT_FOUND } from '../../test/fixtures/fake-ports.js';
import { cell, COLUMNS, lusha, pdl, row, setUp } from '../../test/fixtures/waterfall-setup.js';
import type { ItemResult } from './enrich-provider.js';

describe('a provider that fails', () => {
  test('is retried with exponential backoff, a lease before each try, and may recover', async () => {
    const first = lusha((_, call) =>
      call < 4 ? failsWith('lusha', 503)() : [found({ industry: 'Retail', employees: 1 })],
    );
    const { lookUp, clock, leases } = setUp([first]);
    expect(await lookUp([row('A')])).toMatchObject([{ status: 'filled' }, { status: 'filled' }]);
    expect(clock.slept).toEqual([250, 500, 1_000]);
    expect(leases.acquired).toHaveLength(4);
  });

  test('backs off no longer than 10 s, but as long as Retry-After says, and a 429 is reported', async () => {
    const first = lusha((_, call) =>
      call < 8 ? failsWith('lusha', 429, call === 1 ? 30_000 : undefined)() : [found({ industry: 'x', employees: 1 })],
    );
    const { lookUp, clock, leases } = setUp([first]);
    await lookUp([row('A')]);
    expect(clock.slept).toEqual([30_000, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);
    expect(leases.reports).toHaveLength(7);
    expect(leases.reports[0]).toEqual({ provider: 'lusha', retryAfterMs: 30_000 });
  });

  test('is down for the rest of the page once its budget is spent, and the next one answers', async () => {
    const first = lusha(failsWith('lusha', 500));
    const second = pdl(() => [found({ industry: 'Steel' })]);
    const { lookUp, clock } = setUp([first, second], { retryBudgetSeconds: 3 });
    const cells = await lookUp([row('A')]);
    expect(clock.slept).toEqual([250, 500, 1_000]);
    expect(cell(cells, 'A', 'c-industry')).toMatchObject({
      status: 'filled',
      provenance: {
        source: 'pdl',
        tries: [
          { provider: 'lusha', outcome: 'down', code: 'provider_unavailable', ms: 1_750, charged: false },
          { provider: 'pdl', outcome: 'filled' },
        ],
      },
    });
    expect(cell(cells, 'A', 'c-employees')).toMatchObject({
      status: 'error',
      reason: {
        code: 'provider_unavailable',
        message:
          'Lusha had an internal error; People Data Labs has a match but no employees. ' +
          'Try the cells again later; if it stays, tell the support of Lusha.',
      },
    });
    const callsBefore = first.requests.length;
    await lookUp([row('B')]);
    expect(first.requests).toHaveLength(callsBefore);
  });

  test('gets its whole budget again after a success', async () => {
    const first = lusha((_, call) =>
      call % 3 === 0 ? [found({ industry: 'x', employees: 1 })] : failsWith('lusha', 500)(),
    );
    const { lookUp } = setUp([first], { retryBudgetSeconds: 1 });
    for (const name of ['A', 'B', 'C', 'D']) expect((await lookUp([row(name)]))[0]?.status).toBe('filled');
  });

  test('fails the page when nobody is left who could answer, naming every provider and its cause', async () => {
    const { lookUp } = setUp([lusha(failsWith('lusha', 500)), pdl(failsWith('pdl', 429))], { retryBudgetSeconds: 1 });
    const failure = await lookUp([row('A')]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageFailed);
    expect(failure).toMatchObject({
      code: 'provider_rate_limited',
      provider: 'pdl',
      message:
        'Lusha had an internal error; People Data Labs kept refusing because of its rate limit. ' +
        'Try the cells again later; if it stays, tell the support of Lusha. ' +
        'Try the cells again later; if it stays, lower PDL_REQUESTS_PER_SECOND.',
    });
  });

  test('leaves an error in the cell when the last provider is down but an earlier one had no match', async () => {
    const { lookUp } = setUp([lusha(() => [NOT_FOUND]), pdl(failsWith('pdl', 503))], { retryBudgetSeconds: 1 });
    expect(await lookUp([row('A', ['c-industry'])])).toMatchObject([
      {
        status: 'error',
        reason: { code: 'provider_unavailable', message: expect.stringContaining('People Data Labs had an') },
      },
    ]);
  });

  test.each([
    [
      401,
      'provider_unauthorized',
      'Lusha does not accept the configured key. Check LUSHA_API_KEY, then start the job again.',
    ],
    [
      402,
      'provider_out_of_credits',
      'Lusha has no credits left on this account. Top up the account at Lusha, then start the job again.',
    ],
    [
      403,
      'provider_forbidden',
      'Lusha does not allow this on the current plan. Change the plan at Lusha or take the column out, then start the job again.',
    ],
  ])('with %d fails the page at once, without a retry and without asking the next', async (status, code, message) => {
    const first = lusha(failsWith('lusha', status));
    const second = pdl(() => [NOT_FOUND]);
    const { lookUp } = setUp([first, second]);
    const failure = await lookUp([row('A')]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageFailed);
    expect(failure).toMatchObject({ code, provider: 'lusha', message });
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
  });

  test('because of one bad row is asked again in halves, so that the other rows are answered', async () => {
    const first = lusha(({ entities }) => {
      if (entities.some(({ name }) => name === 'Bad')) failsWith('lusha', 400)();
      return entities.map(() => found({ industry: 'Retail', employees: 1 }));
    });
    const { lookUp } = setUp([first]);
    const cells = await lookUp(['A', 'B', 'Bad', 'C', 'D'].map((name) => row(name)));
    expect(cells.filter(({ status }) => status === 'filled')).toHaveLength(8);
    expect(cell(cells, 'Bad', 'c-industry')).toMatchObject({
      status: 'error',
      reason: {
        code: 'provider_refused_row',
        message: 'Lusha refused the look-up as invalid. Check the name, domain and email address of this row.',
      },
    });
  });
});

describe('a provider that answers and lies', () => {
  test('is asked three times, then the next one answers, and it is not down for the other rows', async () => {
    const first = lusha(answersWith('provider_answered_page'));
    const second = pdl(() => [found({ industry: 'Steel' })]);
    const { lookUp, leases } = setUp([first, second]);
    const cells = await lookUp([row('A')]);
    expect(leases.acquired).toEqual(['lusha', 'lusha', 'lusha', 'pdl']);
    expect(cell(cells, 'A', 'c-industry')).toMatchObject({ status: 'filled', provenance: { source: 'pdl' } });
    expect(cell(cells, 'A', 'c-employees')).toMatchObject({
      status: 'error',
      reason: {
        code: 'provider_answered_page',
        message:
          'Lusha answered with a page instead of data each time; People Data Labs has a match but no employees. ' +
          'Try the cells again; if it stays, check LUSHA_URL or tell the support of Lusha.',
      },
      provenance: { tries: [{ provider: 'lusha', outcome: 'error', code: 'provider_answered_page' }, {}] },
    });
    await lookUp([row('B')]);
    expect(first.requests).toHaveLength(6);
  });

  test('is down like any other once it has done nothing else for its whole budget', async () => {
    const first = lusha(answersWith('provider_invalid_answer'));
    const { lookUp } = setUp([first], { retryBudgetSeconds: 1 });
    expect(await lookUp([row('A')])).toMatchObject([{ status: 'error' }, { status: 'error' }]);
    await expect(lookUp([row('B')])).rejects.toMatchObject({ code: 'provider_invalid_answer', provider: 'lusha' });
  });

  test('by leaving rows out is asked for these alone, at most three times, and the others keep their answers', async () => {
    const missing: ItemResult = { outcome: 'unanswered', code: 'provider_row_missing', charged: false };
    const first = lusha(({ entities }) =>
      entities.map(({ name }, index) =>
        name === 'Lost' || (entities.length > 2 && index === 0) ? missing : found({ industry: 'x', employees: 1 }),
      ),
    );
    const { lookUp } = setUp([first]);
    const cells = await lookUp(['A', 'B', 'Lost'].map((name) => row(name)));
    expect(first.asked).toEqual([['A', 'B', 'Lost'], ['A', 'Lost'], ['Lost']]);
    expect(cells.map(({ status }) => status)).toEqual(['filled', 'filled', 'filled', 'filled', 'error', 'error']);
    expect(cell(cells, 'Lost', 'c-industry')?.reason).toEqual({
      code: 'provider_row_missing',
      message:
        'Lusha left this row out of its answer each time. Try the cells again later; if it stays, tell the support of Lusha.',
    });
  });

  test('about one attribute leaves an error in that cell alone, unless the next one knows it', async () => {
    const first = lusha(({ entities }) =>
      entities.map(() => ({ ...found({ industry: 'Retail' }), unusable: ['employees'] }) as ItemResult),
    );
    const second = pdl(() => [found({ employees: 7 }), NOT_FOUND]);
    const cells = await setUp([first, second]).lookUp([row('A'), row('B')]);
    expect(cell(cells, 'A', 'c-employees')).toMatchObject({ status: 'filled', value: 7 });
    expect(cell(cells, 'B', 'c-industry')).toMatchObject({ status: 'filled', value: 'Retail' });
    expect(cell(cells, 'B', 'c-employees')).toMatchObject({
      status: 'error',
      reason: {
        code: 'provider_value_unusable',
        message: expect.stringContaining('Lusha has a value that no cell can hold'),
      },
    });
  });
});

describe('a job that stands still', () => {
  test('uses up nothing of the budget of a provider that was failing before', async () => {
    let call = 0;
    const first = lusha(() => (++call < 4 ? failsWith('lusha', 503)() : [found({ industry: 'x', employees: 1 })]));
    const { waterfall, clock, controller } = setUp([first], { retryBudgetSeconds: 2 });
    let pausedMs = 0;
    const page = waterfall.openPage({ entityType: 'company', columns: COLUMNS }, () => clock.now() - pausedMs);
    const { sleep } = clock;
    clock.sleep = async (ms, signal) => {
      // The job is paused in each backoff and resumed an hour later.
      await sleep.call(clock, 3_600_000 + ms, signal);
      pausedMs += 3_600_000 + ms / 2;
    };
    const cells = await waterfall.lookUp([row('A')], { page, signal: controller.signal });
    expect(cells).toMatchObject([{ status: 'filled' }, { status: 'filled' }]);
  });
});

describe('an abort', () => {
  test('stops the wait between two tries, and no call follows', async () => {
    const first = lusha(failsWith('lusha', 500));
    const { lookUp, controller, clock } = setUp([first]);
    const reason = new Error('cancelled');
    clock.sleep = async (_, signal) => {
      controller.abort(reason);
      await Promise.resolve();
      signal.throwIfAborted();
    };
    await expect(lookUp([row('A')])).rejects.toBe(reason);
    expect(first.requests).toHaveLength(1);
  });

  test('before the first call means no call', async () => {
    const first = lusha(() => [NOT_FOUND]);
    const { lookUp, controller } = setUp([first]);
    controller.abort(new Error('cancelled'));
    await expect(lookUp([row('A')])).rejects.toThrow('cancelled');
    expect(first.requests).toHaveLength(0);
  });
});
