import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BillingClient, BillingRefused, BillingUnavailable } from '../src/billing/billing.client.js';
import type { Config } from '../src/config/config.js';

let server: Server;
let answer: RequestListener;
let client: BillingClient;
const asked: string[] = [];
beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const billingUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new BillingClient({ billingUrl, billingKey: 'secret-key', billingTimeoutSeconds: 0.5 } as Config);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json = (status: number, body: unknown): RequestListener => {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
};
const hold = () => client.hold({ workspaceId: 'w', jobId: 'j', n: 1, amount: 5, ttlSeconds: 60 });
const capture = () => client.capture({ holdId: 'h', jobId: 'j', pageNo: 0, n: 1, lines: [] });

describe('a billing that lies', () => {
  const HALF = '{"id":"hold_1","reference":"j';
  const lies: [string, RequestListener][] = [
    [
      'answers a page of HTML',
      (_, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    ],
    [
      'refuses with a page of HTML',
      (_, r) => void r.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Bad</h1>'),
    ],
    ['answers nothing', (_, r) => void r.writeHead(201).end()],
    [
      'answers half a body and closes',
      (_, r) => void r.writeHead(201, { 'content-length': '500' }).write(HALF, () => r.destroy()),
    ],
    ['answers half a body and ends', (_, r) => void r.writeHead(201).end(HALF)],
    ['never answers', () => undefined],
    ['answers half a body and waits', (_, r) => void r.writeHead(201).write(HALF)],
    ['closes the connection', (request) => void request.socket.destroy()],
    ['sends the caller elsewhere', (_, r) => void r.writeHead(302, { location: '/elsewhere' }).end()],
    ['answers with success and without an id', json(201, { fine: true })],
    ['answers with a success that is no list', json(200, [])],
    ['answers 402 and not why', json(402, {})],
    ['answers 500', json(500, { code: 'internal_error' })],
    ['answers 503', json(503, { code: 'database_unavailable' })],
    ['answers 404 of a route', json(404, { code: 'not_found' })],
    ['lost its key', json(401, { code: 'unauthorized' })],
    ['says the request runs', json(409, { code: 'request_running' })],
    ['says it is too much', json(429, { code: 'too_many_requests' })],
  ];

  test.each(lies)('and %s is asked again', async (_, lie) => {
    answer = lie;
    const calls = [
      hold(),
      capture(),
      client.renew({ holdId: 'h', jobId: 'j', n: 1, k: 1, ttlSeconds: 60 }),
      client.refund('c'),
      client.closeReference('w', 'j'),
      client.holdsOf('w', 'j'),
      client.account('w'),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(BillingUnavailable) });
    }
    expect(asked).not.toContain('/elsewhere');
  });

  test('and never ends its answer is not read for ever, nor into memory', async () => {
    let sent = 0;
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const more = (): void => {
        if (response.destroyed) return;
        sent += 1;
        response.write(chunk, more);
      };
      more();
    };
    await expect(client.account('w')).rejects.toBeInstanceOf(BillingUnavailable);
    expect(sent).toBeLessThan(64);
  });

  test.each([400, 410, 413, 415, 422, 451])(
    'and refuses with a problem of status %i is not asked again',
    async (status) => {
      answer = json(status, { code: 'some_reason', detail: 'a secret of theirs' });
      await expect(hold()).rejects.toBeInstanceOf(BillingRefused);
      await expect(capture()).rejects.toThrow(`Billing answered the capture with ${status} some_reason`);
    },
  );

  test('and does not know the hold any more is not asked again', async () => {
    answer = json(404, { code: 'hold_not_found' });
    await expect(capture()).rejects.toBeInstanceOf(BillingRefused);
  });

  test('tells nothing of its key or its answers in an error', async () => {
    answer = (_, response) => void response.writeHead(500).end('secret-key of somebody');
    const error: unknown = await hold().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BillingUnavailable);
    expect(JSON.stringify([error, (error as Error).stack, (error as Error).cause ?? ''])).not.toContain('secret');
  });
});

describe('the list of holds', () => {
  const HOLD = { reference: 'j', amount: 9, captured: 3, released: 0, expired: 0, state: 'open' };
  const captureOf = (id: string) => ({ id, amount: 1, refunded: false, cellVersionIds: [id] });

  test('is read page by page, and a hold that is on several is one', async () => {
    const pages: Record<string, unknown> = {
      '': { items: [{ ...HOLD, id: 'a', captures: [captureOf('1')] }], nextCursor: 'x' },
      x: {
        items: [
          { ...HOLD, id: 'a', captures: [captureOf('2')] },
          { ...HOLD, id: 'b', captures: [] },
        ],
        nextCursor: 'y',
      },
      y: { items: [{ ...HOLD, id: 'b', captured: 4, captures: [captureOf('3')] }], nextCursor: null },
    };
    answer = (request, response) => {
      const cursor = new URL(request.url ?? '', 'http://billing').searchParams.get('cursor') ?? '';
      json(200, pages[cursor])(request, response);
    };
    const holds = await client.holdsOf('w', 'j');
    expect(holds.map(({ id, captured, captures }) => [id, captured, captures.map((each) => each.id)])).toEqual([
      ['a', 3, ['1', '2']],
      ['b', 4, ['3']],
    ]);
    expect(asked).toHaveLength(3);
  });

  test('of a billing without pages is its one answer, and of an unknown account empty', async () => {
    answer = json(200, { items: [{ ...HOLD, id: 'a', captures: [captureOf('1')] }] });
    expect(await client.holdsOf('w', 'j')).toHaveLength(1);
    answer = json(404, { code: 'account_not_found' });
    expect(await client.holdsOf('w', 'j')).toEqual([]);
    expect(await client.account('w')).toMatchObject({ granted: 0, available: 0 });
  });
});
