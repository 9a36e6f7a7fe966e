import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { CallShares } from './call-shares.js';
import { PageLanes } from './page-lanes.js';

const never = new AbortController().signal;

describe('the lanes of pages', () => {
  test('take over what another page leaves, and handle each chunk once', async () => {
    const shares = new CallShares();
    let busy = 0;
    let busiest = 0;
    const runPage = async (jobId: string, chunks: number): Promise<{ handled: number; busiest: number }> => {
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
      const options = { jobId, stop: never, lanes: 100, lanesOfProcess: 10 };
      await new PageLanes(shares, { ...options, next, waiting: () => waiting }).run();
      return { handled, busiest: ownBusiest };
    };
    // The first page takes all lanes before the second is there, which begins with one and gets more as chunks end.
    const [long, short] = await Promise.all([runPage('long', 200), runPage('short', 20)]);
    expect([long.handled, short.handled]).toEqual([200, 20]);
    expect(long.busiest).toBe(10);
    expect(short.busiest).toBeGreaterThan(1);
    expect(busiest).toBeLessThanOrEqual(11);
  });

  test('do not wait for ever for lanes that hang', async () => {
    const shares = new CallShares();
    const options = { stop: never, lanes: 100, lanesOfProcess: 4 };
    let hanging = 8;
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => (release = resolve));
    const hang = (): Promise<void> | undefined => (hanging-- > 0 ? hung : undefined);
    const paused = new PageLanes(shares, {
      ...options,
      jobId: 'paused',
      next: hang,
      waiting: () => Math.max(0, hanging),
    }).run();
    let waiting = 4;
    let busy = 0;
    const bothBusy = new Promise<void>((resolve) => {
      const next = (): Promise<void> | undefined => {
        if (waiting === 0) return undefined;
        waiting -= 1;
        if ((busy += 1) === 2) resolve();
        return hung;
      };
      void new PageLanes(shares, { ...options, jobId: 'other', next, waiting: () => waiting }).run();
    });
    await bothBusy;
    release();
    await paused;
  });

  test('serve a later page of a job when an earlier one leaves lanes idle, until its last chunk', async () => {
    const shares = new CallShares();
    const order: string[] = [];
    const runPage = (name: string, chunks: number): Promise<void> => {
      let waiting = chunks;
      const next = (): Promise<void> | undefined => {
        if (waiting === 0) return undefined;
        waiting -= 1;
        order.push(name);
        return sleep(1);
      };
      const options = { jobId: 'job', stop: never, lanes: 4, lanesOfProcess: 4 };
      return new PageLanes(shares, { ...options, next, waiting: () => waiting }).run();
    };
    await Promise.all([runPage('first', 9), runPage('second', 9), runPage('third', 1)]);
    const firsts = order.slice(0, 9);
    expect([firsts.filter((name) => name === 'first').length, order.length]).toEqual([9, 19]);
    expect(order.at(-1)).not.toBe('first');
  });

  test('end a page that must stop while it waits for its first lane', async () => {
    const shares = new CallShares();
    const options = { jobId: 'job', lanes: 1, lanesOfProcess: 1 };
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => (release = resolve));
    let waiting = 2;
    const next = (): Promise<void> | undefined => (waiting-- > 0 ? hung : undefined);
    const first = new PageLanes(shares, { ...options, stop: never, next, waiting: () => Math.max(0, waiting) }).run();
    const stop = new AbortController();
    const second = new PageLanes(shares, { ...options, stop: stop.signal, next: () => hung, waiting: () => 5 }).run();
    stop.abort();
    await second;
    release();
    await first;
  });

  test('end without a chunk, and when the page must stop', async () => {
    const shares = new CallShares();
    const options = { jobId: 'job', stop: never, lanes: 3, lanesOfProcess: 3 };
    await new PageLanes(shares, { ...options, next: () => undefined, waiting: () => 0 }).run();
    await new PageLanes(shares, { ...options, next: () => undefined, waiting: () => 7 }).run();
  });
});
