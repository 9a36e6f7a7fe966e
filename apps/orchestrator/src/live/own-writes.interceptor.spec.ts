import { expect, test } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { lastValueFrom, of } from 'rxjs';
import type { LiveService } from './live.service.js';
import { OwnWritesInterceptor } from './own-writes.interceptor.js';

const handler: CallHandler = { handle: () => of('answer') };
const callFor = (type: string, method: string): ExecutionContext =>
  ({ getType: () => type, switchToHttp: () => ({ getRequest: () => ({ method }) }) }) as unknown as ExecutionContext;

test.each([
  ['http', 'POST', 1],
  ['http', 'DELETE', 1],
  ['http', 'GET', 0],
  ['ws', 'POST', 0],
])('a request that writes is known by how it is made: %s %s', async (type, method, times) => {
  let looks = 0;
  const live = { lookSoon: () => (looks += 1) } as unknown as LiveService;
  expect(await lastValueFrom(new OwnWritesInterceptor(live).intercept(callFor(type, method), handler))).toBe('answer');
  expect(looks).toBe(times);
});
