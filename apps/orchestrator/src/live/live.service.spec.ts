import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { of, lastValueFrom } from 'rxjs';
import type { Database } from '../database/database.js';
import type { CreditsFeed } from './credits-feed.js';
import { LiveService } from './live.service.js';
import { OwnWritesInterceptor } from './own-writes.interceptor.js';

const LIST = { workspaceId: 'ws_1', listId: 'list_1', window: { from: 0, count: 10 } };

/** A list without events, and how often somebody looked. */
function quietList() {
  let looks = 0;
  const database = {
    acrossWorkspaces: async () => {
      looks += 1;
      return [];
    },
    inWorkspace: async () => ({ head: undefined, answers: new Map(), jobs: new Map() }),
  } as unknown as Database;
  const live = new LiveService(database, {} as CreditsFeed);
  return { live, looks: () => looks };
}

const callFor = (type: string, method: string): ExecutionContext =>
  ({ getType: () => type, switchToHttp: () => ({ getRequest: () => ({ method }) }) }) as unknown as ExecutionContext;
const handler: CallHandler = { handle: () => of('answer') };

describe('what this process writes', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is looked for at once, and however often it writes, with a gap between two looks', async () => {
    const { live, looks } = quietList();
    live.subscribe({ emit: () => true }, LIST);
    await jest.advanceTimersByTimeAsync(100);
    const before = looks();
    live.lookSoon();
    await jest.advanceTimersByTimeAsync(1);
    expect(looks()).toBe(before + 1);
    for (let n = 0; n < 10; n++) live.lookSoon();
    await jest.advanceTimersByTimeAsync(10);
    expect(looks()).toBe(before + 1);
    await jest.advanceTimersByTimeAsync(11);
    expect(looks()).toBe(before + 2);
    live.onModuleDestroy();
  });

  test('concerns nobody while nobody watches', async () => {
    const { live, looks } = quietList();
    live.lookSoon();
    await jest.advanceTimersByTimeAsync(500);
    expect(looks()).toBe(0);
  });

  test.each([
    ['http', 'POST', 1],
    ['http', 'DELETE', 1],
    ['http', 'GET', 0],
    ['ws', 'POST', 0],
  ])('is known by the request: %s %s', async (type, method, times) => {
    const { live } = quietList();
    const lookSoon = jest.spyOn(live, 'lookSoon');
    const answer = new OwnWritesInterceptor(live).intercept(callFor(type, method), handler);
    expect(await lastValueFrom(answer)).toBe('answer');
    expect(lookSoon).toHaveBeenCalledTimes(times);
  });
});
