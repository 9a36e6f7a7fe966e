import { describe, expect, test } from '@jest/globals';
import { CallSpread } from './call-spread.js';

const CALL_MS = 60;

/** A spread on a clock of the test, and the calls that are told to end. */
function spreadOnOwnClock() {
  let now = 0;
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  const spread = new CallSpread({ now: () => now, wait });
  /** Begins so many calls at one moment, and ends them together. */
  const round = async (calls: number, callMs: number): Promise<number[]> => {
    waits.length = 0;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const running = Array.from({ length: calls }, () => spread.run(() => over));
    // Those who wait for their turn have begun by then.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    now += callMs;
    end();
    await Promise.all(running);
    return [...waits];
  };
  return { spread, round };
}

describe('the calls of a process', () => {
  test('that ended together begin at half the distance of an even spread', async () => {
    const { round } = spreadOnOwnClock();
    expect(await round(20, CALL_MS)).toEqual([]);
    // Each is asked for while one more is under way, so the distances shrink to 60 ms / 20 / 2.
    const waits = await round(20, CALL_MS);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.length).toBeGreaterThan(15);
    expect(waits.at(-1)).toBeLessThanOrEqual(20);
  });

  test('that are answered at once never wait', async () => {
    const { round } = spreadOnOwnClock();
    await round(20, 0.5);
    expect(await round(20, 0.5)).toEqual([]);
  });

  test('wait no longer than a millisecond each, however long one took', async () => {
    const { round } = spreadOnOwnClock();
    await round(1, 3_600_000);
    expect(Math.max(...(await round(20, CALL_MS)))).toBeLessThanOrEqual(20);
  });

  test('fail as they would without', async () => {
    const { spread } = spreadOnOwnClock();
    await expect(spread.run(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await expect(spread.run(async () => undefined)).resolves.toBeUndefined();
  });
});
