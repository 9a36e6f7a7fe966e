import { describe, expect, test } from '@jest/globals';
import { BillingRefused, BillingUnavailable } from '../billing/billing.client.js';
import { TemporalUnavailable } from '../laws/workflow-probe.js';
import { Tries } from './tries.js';

const fails = (error: Error) => (): Promise<boolean> => Promise.reject(error);

describe('tries', () => {
  test('go on after one that fails, count what was done, and tell of the first failure at the end', async () => {
    const first = new BillingRefused('for good');
    const done: number[] = [];
    const tries = new Tries();
    await tries.of(fails(first));
    await tries.of(() => Promise.resolve(done.push(1) > 0));
    await tries.of(fails(new Error('another')));
    expect(done).toEqual([1]);
    expect(() => tries.end()).toThrow(first);
  });

  test('count only where there was something to do', async () => {
    const tries = new Tries();
    for (const did of [true, false, true]) await tries.of(() => Promise.resolve(did));
    expect(tries.end()).toBe(2);
  });

  test.each([new BillingUnavailable('away'), new TemporalUnavailable('away')])(
    'end at once where the other side is away (%p)',
    async (error) => {
      await expect(new Tries().of(fails(error))).rejects.toBe(error);
    },
  );
});
