import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LEASE_HELD_MS } from '@uno/workflow-contracts';
import type { RateLeaseReply } from '@uno/workflow-contracts';
import { RateLeases } from '../src/pages/rate-leases.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
let leases: RateLeases;
let moved = 0;
beforeAll(async () => {
  fixture = await jobFixture();
  leases = new RateLeases(fixture.database);
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  moved = 0;
  await fixture.admin('truncate rate_bucket');
});

/** Lets time pass by moving the bucket back. */
async function pass(ms: number): Promise<void> {
  moved += ms;
  await fixture.admin(
    `update rate_bucket set updated_at = updated_at - make_interval(secs => $1),
       blocked_until = blocked_until - make_interval(secs => $1), slowed_until = slowed_until - make_interval(secs => $1)`,
    [ms / 1_000],
  );
}

const ask = (requestsPerSecond: number, want = requestsPerSecond, throttledForMs?: number) =>
  leases.lease({
    provider: 'p',
    key: 'k',
    want,
    requestsPerSecond,
    ...(throttledForMs !== undefined && { throttledForMs }),
  });

/** Thirty ahead, from a bucket of 80. */
const askAhead = (want: number): Promise<RateLeaseReply> =>
  leases.lease({ provider: 'p', key: 'k', want, ahead: 30, requestsPerSecond: 1_000 });

/** When each lease was granted, in ms of the bucket's clock, asking all the time for `ms`. */
async function grants(rate: number, ms: number): Promise<number[]> {
  const times: number[] = [];
  const now = async (): Promise<number> => {
    const [row] = await fixture.admin<{ at: number }>(
      'select extract(epoch from updated_at)::float8 * 1000 as at from rate_bucket',
    );
    return (row?.at ?? 0) + moved;
  };
  for (let end = Number.POSITIVE_INFINITY; ;) {
    const { granted, retryAfterMs } = await ask(rate);
    const at = await now();
    if (end === Number.POSITIVE_INFINITY) end = at + ms;
    if (at > end) return times;
    for (let lease = 0; lease < granted; lease += 1) times.push(at);
    if (granted === 0) expect(retryAfterMs).toBeGreaterThan(0);
    await pass(granted === 0 ? retryAfterMs : 0);
  }
}

const mostInOneSecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

describe('rate leases', () => {
  test.each([1, 2, 5, 10, 25, 100])(
    'at %i requests a second never grant more in any second, and close to it over time',
    async (rate) => {
      const seconds = rate < 10 ? 12 : 4;
      await ask(rate);
      await pass(60_000);
      const times = await grants(rate, seconds * 1_000);
      expect(mostInOneSecond(times)).toBeLessThanOrEqual(rate);
      expect(times.length).toBeGreaterThanOrEqual(Math.floor(rate * seconds * 0.75));
    },
  );

  /** When each lease may be used at the latest, where a worker always asks for some ahead and holds them as long as it may. */
  async function held(rate: number, ms: number): Promise<number[]> {
    const times: number[] = [];
    const now = async (): Promise<number> => {
      const [clock] = await fixture.admin<{ at: number }>(
        'select extract(epoch from clock_timestamp())::float8 * 1000 as at',
      );
      return (clock?.at ?? 0) + moved;
    };
    const end = (await now()) + ms;
    for (let asked = 0; ; asked++) {
      const at = await now();
      if (at > end) return times;
      const ahead = Math.ceil(rate / 50);
      // Every third time nobody waits: the leases that are held are renewed.
      const want = asked % 3 === 0 ? 0 : 1;
      const reply = await leases.lease({ provider: 'p', key: 'k', want, ahead, requestsPerSecond: rate });
      for (let lease = 0; lease < reply.granted; lease++) times.push(at);
      for (let lease = 0; lease < (reply.ahead ?? 0); lease++) times.push(at + LEASE_HELD_MS);
      await pass(10);
    }
  }

  test.each([25, 100, 1_000])(
    'that are held ahead add nothing to what %i requests a second give in any second',
    async (rate) => {
      await ask(rate, 1);
      await pass(60_000);
      const times = await held(rate, 3_000);
      expect(mostInOneSecond(times)).toBeLessThanOrEqual(rate);
    },
  );

  test('are given ahead from a full bucket only, which then takes nothing in until they are old', async () => {
    const ahead = (): Promise<RateLeaseReply> => askAhead(1);
    await ask(1_000, 1);
    await pass(60_000);
    expect(await ahead()).toEqual({ granted: 1, ahead: 30, retryAfterMs: 0 });
    expect(await ahead()).toEqual({ granted: 1, ahead: 0, retryAfterMs: 0 });
    expect((await ask(1_000, 1_000)).granted).toBe(48);
    const refused = await ask(1_000, 1);
    expect(refused.granted).toBe(0);
    await pass(60_000);
    expect((await ahead()).ahead).toBe(30);
  });

  test('can be asked for ahead alone, from a bucket that has room and from one that has none', async () => {
    const aheadAlone = (): Promise<RateLeaseReply> => askAhead(0);
    await ask(1_000, 1);
    await pass(60_000);
    expect(await aheadAlone()).toEqual({ granted: 0, ahead: 30, retryAfterMs: 0 });
    expect(await aheadAlone()).toEqual({ granted: 0, ahead: 0, retryAfterMs: 0 });
    await ask(1_000, 1_000);
    expect((await aheadAlone()).retryAfterMs).toBeGreaterThan(0);
  });

  test('count for all who ask at once', async () => {
    const began = performance.now();
    const replies = await Promise.all(Array.from({ length: 40 }, () => ask(25, 5)));
    const granted = replies.reduce((sum, reply) => sum + reply.granted, 0);
    expect(granted).toBeGreaterThan(0);
    const seconds = (performance.now() - began) / 1_000;
    expect(granted).toBeLessThanOrEqual(2 + 25 * seconds);
  });

  test('stop for all after a 429, for as long as the provider says, and go on at half the rate for a while', async () => {
    await ask(25, 1);
    expect(await ask(25, 1, 5_000)).toEqual({ granted: 0, retryAfterMs: 5_000 });
    expect(await ask(25, 1, 1_000)).toEqual({ granted: 0, retryAfterMs: 1_000 });
    const refused = await ask(25, 1);
    expect(refused.granted).toBe(0);
    expect(refused.retryAfterMs).toBeGreaterThan(1_000);
    await pass(6_000);
    const slow = await grants(25, 4_000);
    expect(mostInOneSecond(slow)).toBeLessThanOrEqual(13);
    await pass(60_000);
    expect((await grants(25, 2_000)).length).toBeGreaterThan(30);
  });

  test('are kept apart by provider and key', async () => {
    await ask(25, 1, 60_000);
    const other = await leases.lease({ provider: 'p', key: 'other', want: 1, requestsPerSecond: 25 });
    expect(other.granted).toBe(1);
  });
});
