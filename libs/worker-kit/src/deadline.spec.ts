import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Deadline } from './deadline.js';

const NEVER_MS = 60_000;

const abortOf = ({ signal }: Deadline): Promise<unknown> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

describe('a deadline', () => {
  test('aborts when the call has taken too long', async () => {
    const deadline = new Deadline(new AbortController().signal, 1);
    await abortOf(deadline);
    expect(deadline.hasPassed).toBe(true);
  });

  test('aborts with the signal around it and its reason, whether that comes before or meanwhile', async () => {
    const outer = new AbortController();
    const deadline = new Deadline(outer.signal, NEVER_MS);
    const reason = new Error('stop');
    const aborted = abortOf(deadline);
    outer.abort(reason);
    expect(await aborted).toBe(reason);
    const late = new Deadline(outer.signal, NEVER_MS);
    expect(late.signal.reason).toBe(reason);
    expect([deadline.hasPassed, late.hasPassed]).toEqual([false, false]);
    deadline.release();
    late.release();
  });

  test('is no longer heard of after its release', async () => {
    const outer = new AbortController();
    const deadline = new Deadline(outer.signal, 5);
    deadline.release();
    await sleep(20);
    outer.abort();
    expect([deadline.signal.aborted, deadline.hasPassed]).toEqual([false, false]);
  });

  test('comes although nothing but its timer holds it, over garbage collections', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let isOver = false;
    const begin = (): void => {
      const { signal } = new Deadline(new AbortController().signal, 50);
      signal.addEventListener('abort', () => (isOver = true));
    };
    begin();
    for (let n = 0; n < 20 && !isOver; n++) {
      await sleep(10);
      collect();
    }
    expect(isOver).toBe(true);
  });
});
