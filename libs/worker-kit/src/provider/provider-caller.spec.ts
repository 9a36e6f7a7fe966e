import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../testing/fake-clock.js';
import { FakeLease } from '../testing/fake-lease.js';
import { ProviderCaller, type CallOutcome, type ProviderRequest } from './provider-caller.js';
import { ProviderError } from './provider-error.js';
import { ProviderHealth } from './provider-health.js';

const BUDGET_MS = 6_000;
const PDL = { name: 'pdl', title: 'People Data Labs', account: 'a', requestsPerSecond: 10 };

function setUp() {
  const clock = new FakeClock();
  const caller = new ProviderCaller(new FakeLease(), clock);
  const page = {
    health: new ProviderHealth(BUDGET_MS, () => clock.now()),
    signal: new AbortController().signal,
  };
  const call = (request: ProviderRequest<string>): Promise<CallOutcome<string>> => caller.call(PDL, request, page);
  const answered = async (): Promise<string> => Promise.resolve('an answer');
  return { clock, call, answered, health: page.health };
}

const refused = (status: number, retryAfterMs?: number): never => {
  throw ProviderError.fromStatus(PDL.name, status, retryAfterMs);
};

describe('a call that fails again and again', () => {
  test('ends alone, and in time, where other calls of the page are answered meanwhile', async () => {
    const { call, answered, clock, health } = setUp();
    const unlucky = call(async () => {
      await call(answered);
      return refused(500);
    });
    expect(await unlucky).toMatchObject({ answered: false, down: false, code: 'provider_unavailable' });
    expect(clock.slept).toEqual([250, 500, 1_000, 2_000]);
    expect(health.downBecause).toBeUndefined();
    expect(await call(answered)).toMatchObject({ answered: true });
  });

  test('may still be answered while its own budget lasts, however often others were', async () => {
    const { call, answered } = setUp();
    let tries = 0;
    const late = call(async () => {
      await call(answered);
      tries += 1;
      return tries < 5 ? refused(503) : 'late';
    });
    expect(await late).toMatchObject({ answered: true, reply: 'late' });
  });

  test('ends alone where it was under way while others were answered, even if nobody was since its first failure', async () => {
    const { call, answered, clock } = setUp();
    let tries = 0;
    const slow = call(async (signal) => {
      tries += 1;
      await clock.sleep(500, signal);
      if (tries === 1) await call(answered);
      await clock.sleep(500, signal);
      return refused(500);
    });
    expect(await slow).toMatchObject({ answered: false, down: false });
  });

  test('shows that the provider is down where nobody was answered since it first failed', async () => {
    const { call, answered, health } = setUp();
    expect(await call(answered)).toMatchObject({ answered: true });
    expect(await call(() => refused(500))).toMatchObject({ answered: false, down: true });
    expect(health.downBecause).toBe('provider_unavailable');
    expect(await call(answered)).toMatchObject({ answered: false, down: true });
  });

  test('is not waited for when the rate limit asks for more than the budget, whoever was answered meanwhile', async () => {
    const { call, answered, clock } = setUp();
    let tries = 0;
    const limited = call(async () => {
      await call(answered);
      tries += 1;
      return tries === 1 ? refused(500) : refused(429, BUDGET_MS);
    });
    expect(await limited).toMatchObject({ answered: false, down: true, code: 'provider_rate_limited' });
    expect(clock.slept).toEqual([250]);
  });
});
