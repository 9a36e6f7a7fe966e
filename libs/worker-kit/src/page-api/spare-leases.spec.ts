import { describe, expect, test } from '@jest/globals';
import { SpareLeases } from './spare-leases.js';

/** An account whose calls came at this pace for a second. */
function after(callsPerSecond: number): SpareLeases {
  const spare = new SpareLeases();
  spare.ahead(0);
  spare.count(callsPerSecond);
  return spare;
}

describe('spare leases', () => {
  test('are twice the calls of fifty milliseconds', () => {
    expect([800, 100, 16, 9].map((pace) => after(pace).ahead(1_000))).toEqual([80, 10, 1, 0]);
  });

  test('are not asked for by the first calls of an account, however many start together', () => {
    const spare = new SpareLeases();
    spare.count(100);
    expect([spare.take(100, 5), spare.ahead(5)]).toEqual([false, 0]);
  });

  test('serve calls until they are used up, or fifty milliseconds after they were asked for', () => {
    const spare = after(800);
    spare.hold(3, 1_000);
    expect([spare.take(2, 1_010), spare.take(2, 1_020), spare.take(1, 1_049)]).toEqual([true, false, true]);
    spare.hold(3, 1_050);
    expect(spare.take(1, 1_100)).toBe(false);
  });

  test('keep their worth where no new ones were given', () => {
    const spare = after(800);
    spare.hold(3, 1_000);
    spare.hold(0, 1_030);
    expect([spare.take(3, 1_049), spare.take(1, 1_049)]).toEqual([true, false]);
  });

  test('are due anew while they still serve, when calls go on', () => {
    const spare = after(800);
    spare.ahead(1_000);
    expect(spare.isDue(1_030)).toBe(false);
    spare.count(1);
    expect([spare.isDue(1_020), spare.isDue(1_025)]).toEqual([false, true]);
  });

  test('follow the pace slowly, so that neither a burst nor the pause after it counts for much', () => {
    const spare = after(1_000);
    expect(spare.ahead(1_000)).toBe(100);
    expect(spare.ahead(1_020)).toBe(90);
    spare.count(40);
    expect(spare.ahead(1_040)).toBe(101);
  });

  test('are given up when the account refuses a call', () => {
    const spare = after(800);
    spare.hold(5, 1_000);
    spare.drop();
    expect(spare.take(1, 1_001)).toBe(false);
  });
});
