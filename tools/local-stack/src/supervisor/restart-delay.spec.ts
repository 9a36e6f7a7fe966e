import { describe, expect, test } from '@jest/globals';
import { RestartDelay } from './restart-delay.js';

describe('the delay before a restart', () => {
  test('doubles with each crash, from 250 ms to 10 s', () => {
    const delay = new RestartDelay();
    const delays = Array.from({ length: 8 }, () => delay.next(0));
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test('begins anew after a process was healthy for 5 s', () => {
    const delay = new RestartDelay();
    delay.next(0);
    delay.next(0);
    expect(delay.next(4_999)).toBe(1_000);
    expect(delay.next(5_000)).toBe(250);
  });
});
