import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderHttp, type RefusalReader } from '@uno/worker-kit';

describe('speaking JSON with a provider', () => {
  let server: Server;
  let http: ProviderHttp;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { method, url, headers } = request;
        if (url === '/nothing') return void response.writeHead(204).end();
        if (url === '/spent') return void response.writeHead(429, { 'retry-after': '3' }).end('{"code":"spent"}');
        if (url === '/page') return void response.writeHead(429, { 'retry-after': '3' }).end('<html>');
        const seen = { method, url, key: headers['x-key'], type: headers['content-type'] };
        response.writeHead(207, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ...seen, body: Buffer.concat(chunks).toString() }));
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    http = new ProviderHttp('p', { baseUrl, apiKey: 'k' }, { 'x-key': 'k' });
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const scope = { rows: 1, signal: new AbortController().signal };

  test('reads, posts and patches, and takes every answer of the two hundreds', async () => {
    expect(await http.get('/a?b=1', scope)).toEqual({ method: 'GET', url: '/a?b=1', key: 'k', body: '' });
    const sent = { key: 'k', type: 'application/json', body: '{"x":1}' };
    expect(await http.post('/a', { x: 1 }, scope)).toEqual({ method: 'POST', url: '/a', ...sent });
    expect(await http.patch('/a', { x: 1 }, scope)).toEqual({ method: 'PATCH', url: '/a', ...sent });
  });

  test('asks what a refusal means where its body tells more than its status', async () => {
    const readRefusal: RefusalReader = (_status, body) =>
      (body as { code?: string } | undefined)?.code === 'spent'
        ? { kind: 'page', code: 'provider_out_of_credits' }
        : undefined;
    const refused = (path: string, more = {}) => http.get(path, { ...scope, ...more }).catch((error: unknown) => error);
    const limited = { kind: 'retry', code: 'provider_rate_limited', retryAfterMs: 3_000 };
    expect(await refused('/spent')).toMatchObject(limited);
    expect(await refused('/spent', { readRefusal })).toMatchObject({ kind: 'page', status: 429 });
    expect(await refused('/page', { readRefusal })).toMatchObject(limited);
  });

  test('has nothing to read in a 204', async () => {
    expect(await http.post('/nothing', {}, scope)).toBeUndefined();
  });
});
