import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { CallShares } from './call-shares.js';
import { PageLanes } from './page-lanes.js';

describe('the lanes of pages', () => {
  test('take over what another page leaves, and handle each chunk once', async () => {
    const shares = new CallShares();
    let busy = 0;
    let busiest = 0;
    const runPage = async (chunks: number): Promise<{ handled: number; busiest: number }> => {
      let waiting = chunks;
      let handled = 0;
      let ownBusy = 0;
      let ownBusiest = 0;
      const next = (): Promise<void> | undefined => {
        if (waiting === 0) return undefined;
        waiting -= 1;
        return handle();
      };
      const handle = async (): Promise<void> => {
        busiest = Math.max(busiest, (busy += 1));
        ownBusiest = Math.max(ownBusiest, (ownBusy += 1));
        await sleep(2);
        handled += 1;
        busy -= 1;
        ownBusy -= 1;
      };
      await new PageLanes(shares, { next, waiting: () => waiting, lanes: 100, lanesOfProcess: 10 }).run();
      return { handled, busiest: ownBusiest };
    };
    // The first page takes all lanes before the second is there, which begins with one and gets more as chunks end.
    const [long, short] = await Promise.all([runPage(200), runPage(20)]);
    expect([long.handled, short.handled]).toEqual([200, 20]);
    expect(long.busiest).toBe(10);
    expect(short.busiest).toBeGreaterThan(1);
    expect(busiest).toBeLessThanOrEqual(11);
  });

  test('do not wait for ever for lanes that hang', async () => {
    const shares = new CallShares();
    const options = { lanes: 100, lanesOfProcess: 4 };
    let hanging = 8;
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => (release = resolve));
    const hang = (): Promise<void> | undefined => (hanging-- > 0 ? hung : undefined);
    const paused = new PageLanes(shares, { ...options, next: hang, waiting: () => Math.max(0, hanging) }).run();
    let waiting = 4;
    let busy = 0;
    const bothBusy = new Promise<void>((resolve) => {
      const next = (): Promise<void> | undefined => {
        if (waiting === 0) return undefined;
        waiting -= 1;
        if ((busy += 1) === 2) resolve();
        return hung;
      };
      void new PageLanes(shares, { ...options, next, waiting: () => waiting }).run();
    });
    await bothBusy;
    release();
    await paused;
  });

  test('end without a chunk, and when the page must stop', async () => {
    const shares = new CallShares();
    const options = { lanes: 3, lanesOfProcess: 3 };
    await new PageLanes(shares, { ...options, next: () => undefined, waiting: () => 0 }).run();
    await new PageLanes(shares, { ...options, next: () => undefined, waiting: () => 7 }).run();
  });
});
