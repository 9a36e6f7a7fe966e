import type { ArgumentsHost } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { describe, expect, jest, test } from '@jest/globals';
import { BillingRefused, BillingUnavailable } from '../billing/billing.client.js';
import { TemporalUnavailable } from '../laws/workflow-probe.js';
import { ProblemFilter } from './problem.filter.js';
import { conflict } from './problem.error.js';

function answerTo(error: unknown): { status: number; headers: Record<string, string>; body: Record<string, unknown> } {
  const answer = { status: 0, headers: {} as Record<string, string>, body: {} };
  const response = {
    headersSent: false,
    setHeader: (name: string, value: string) => (answer.headers[name] = value),
    status: (status: number) => ((answer.status = status), response),
    type: (type: string) => ((answer.headers['type'] = type), response),
    send: (body: string) => (answer.body = JSON.parse(body)),
  };
  new ProblemFilter().catch(error, {
    getType: () => 'http',
    switchToHttp: () => ({ getResponse: () => response, getRequest: () => ({ originalUrl: '/v1/lists' }) }),
  } as unknown as ArgumentsHost);
  return answer;
}

describe('the problem filter', () => {
  test('writes a refusal with its code, its extensions and when to try again', () => {
    const refusal = conflict('busy', 'It is busy.', { retryAfterSeconds: 3, extensions: { allowed: ['cancel'] } });
    expect(answerTo(refusal)).toMatchObject({
      status: 409,
      headers: { 'Retry-After': '3', type: 'application/problem+json' },
      body: { type: 'urn:uno:problem:busy', title: 'Conflict', status: 409, code: 'busy', allowed: ['cancel'] },
    });
  });

  test.each([
    ['billing_unavailable', new BillingUnavailable('Billing did not answer')],
    ['billing_unavailable', new BillingRefused('Billing answered with 422')],
    ['temporal_unavailable', new TemporalUnavailable('Temporal did not answer')],
  ])('says %s, and when to try again, where the other side is away', (code, error) => {
    expect(answerTo(error)).toMatchObject({ status: 503, headers: { 'Retry-After': '1' }, body: { code } });
  });

  test('tells of an error that nobody foresaw an id only, and logs it without what it quotes', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const failure = Object.assign(new Error('duplicate key: (email)=(somebody@example.com)'), { code: '23505' });
    const { status, body } = answerTo(failure);
    expect([status, body['code']]).toEqual([500, 'internal_error']);
    const entry = logged.mock.calls[0]?.[0] as Record<string, unknown>;
    expect(entry).toMatchObject({ errorId: body['errorId'], sqlState: '23505' });
    expect(JSON.stringify([body, entry])).not.toContain('somebody');
    logged.mockRestore();
  });
});
