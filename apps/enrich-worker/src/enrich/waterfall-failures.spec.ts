import { describe, expect, test } from '@jest/globals';
import { PageFailed } from '@uno/worker-kit';
import { failsWith, found, NOT_FOUND } from '../../test/fixtures/fake-ports.js';
import { cell, lusha, pdl, row, setUp } from '../../test/fixtures/waterfall-setup.js';

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
          { provider: 'lusha', outcome: 'down', code: 'server_error', ms: 1_750, charged: false },
          { provider: 'pdl', outcome: 'filled' },
        ],
      },
    });
    expect(cell(cells, 'A', 'c-employees')).toMatchObject({
      status: 'error',
      reason: {
        code: 'provider_down',
        message: 'Lusha had an internal error; People Data Labs has a match but no employees.',
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
      code: 'provider_down',
      provider: 'pdl',
      message: 'Lusha had an internal error; People Data Labs kept refusing because of its rate limit.',
    });
  });

  test('leaves an error in the cell when the last provider is down but an earlier one had no match', async () => {
    const { lookUp } = setUp([lusha(() => [NOT_FOUND]), pdl(failsWith('pdl', 503))], { retryBudgetSeconds: 1 });
    expect(await lookUp([row('A', ['c-industry'])])).toMatchObject([
      {
        status: 'error',
        reason: { code: 'provider_down', message: expect.stringContaining('People Data Labs had an') },
      },
    ]);
  });

  test.each([
    [401, 'provider_unauthorized', 'Lusha does not accept the configured key.'],
    [402, 'provider_out_of_credits', 'Lusha has no credits left on this account.'],
    [403, 'provider_forbidden', 'Lusha does not allow this look-up on the current plan.'],
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
      reason: { code: 'bad_request', message: 'Lusha refused the look-up as invalid.' },
    });
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
