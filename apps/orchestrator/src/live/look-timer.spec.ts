import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LookTimer } from './look-timer.js';
import type { Look } from './look-timer.js';

let looks = 0;
let found: Look | Error = 'quiet';
let failures: unknown[] = [];
let lookTakesMs = 0;
let timer: LookTimer;

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

/** How often it looked in this time. */
async function looksWithin(ms: number): Promise<number> {
  const before = looks;
  await pass(ms);
  return looks - before;
}

beforeEach(async () => {
  jest.useFakeTimers();
  [looks, found, failures, lookTakesMs] = [0, 'quiet', [], 0];
  timer = new LookTimer(
    async () => {
      looks += 1;
      if (lookTakesMs > 0) await new Promise((resolve) => setTimeout(resolve, lookTakesMs));
      if (found instanceof Error) throw found;
      return found;
    },
    (error) => failures.push(error),
  );
  timer.now();
  await pass(1);
});
afterEach(() => {
  timer.stop();
  jest.useRealTimers();
});

describe('the next look', () => {
  test('comes often after news and rarely while all is quiet', async () => {
    expect(await looksWithin(1_000)).toBe(5);
    found = 'news';
    await pass(200);
    expect(await looksWithin(1_000)).toBe(20);
    found = 'quiet';
    await pass(6_000);
    expect(await looksWithin(1_000)).toBe(5);
  });

  test('comes at once when there may be news, with a gap between two however often that is said', async () => {
    await pass(100);
    timer.soon();
    expect(await looksWithin(1)).toBe(1);
    for (let n = 0; n < 10; n++) timer.soon();
    expect(await looksWithin(10)).toBe(0);
    expect(await looksWithin(11)).toBe(1);
  });

  test('comes right after the one that is under way when somebody waits', async () => {
    lookTakesMs = 30;
    timer.now();
    await pass(10);
    timer.soon();
    timer.now();
    expect(await looksWithin(21)).toBe(1);
  });

  test('comes no more when nobody watches, until somebody asks, and never after the end', async () => {
    found = 'nobody';
    await pass(200);
    expect(await looksWithin(1_000)).toBe(0);
    timer.now();
    expect(await looksWithin(1)).toBe(1);
    timer.stop();
    timer.now();
    expect(await looksWithin(1_000)).toBe(0);
  });

  test('comes later after one that failed, which is told', async () => {
    found = new Error('away');
    await pass(200);
    expect(failures).toEqual([found]);
    expect(await looksWithin(900)).toBe(0);
    expect(await looksWithin(200)).toBe(1);
  });
});
