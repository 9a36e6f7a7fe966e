import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiProblem, createApiClient, unwrap } from '../src/index.js';
import type { ApiClient } from '../src/index.js';

let server: Server;
let client: ApiClient;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/v1/lists/lst_1') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'lst_1', name: request.headers.authorization }));
    } else if (request.url === '/v1/lists/lst_2') {
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '2' });
      response.end(JSON.stringify({ code: 'database_unavailable', detail: 'Try again.', errors: [] }));
    } else {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html>');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createApiClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'k' });
});
afterAll(() => void server.close());

const read = (listId: string) => unwrap(client.GET('/v1/lists/{listId}', { params: { path: { listId } } }));

test('the client sends its key and answers what the API said', async () => {
  expect(await read('lst_1')).toEqual({ id: 'lst_1', name: 'Bearer k' });
});

test('a refusal is thrown with its code and with when to try again', async () => {
  const refusal = await read('lst_2').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({
    status: 503,
    code: 'database_unavailable',
    message: 'Try again.',
    retryAfterSeconds: 2,
  });
});

test('an answer that no API gave is still a usable error', async () => {
  expect(await read('lst_3').catch((error: unknown) => error)).toMatchObject({ status: 502, code: 'unknown' });
});
