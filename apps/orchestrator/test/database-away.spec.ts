import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { startApi } from './api-fixture.js';
import type { ApiFixture } from './api-fixture.js';

/** A door in front of Postgres that can be shut. */
class Gate {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #target = 0;

  async open(target = this.#target): Promise<number> {
    this.#target = target;
    this.#server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => [client, upstream].forEach((each) => each.destroy()));
      }
      client.pipe(upstream).pipe(client);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  shut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const gate = new Gate();
let api: ApiFixture | undefined;
afterAll(async () => {
  await api?.stop();
  gate.shut();
});

test('while Postgres is away the API says 503 and when to try again, and goes on when it is back', async () => {
  api = await startApi({ databasePort: (real) => gate.open(real) });
  const { apiKey: key } = await api.workspace();
  const read = () => api!.call('GET', '/v1/lists', { key });
  expect((await read()).status).toBe(200);
  gate.shut();
  for (const path of ['/v1/lists', '/v1/services', '/health/ready']) {
    const reply = await api.call('GET', path, { key });
    expect([path, reply.status, reply.body.code]).toEqual([path, 503, 'database_unavailable']);
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(reply.body)).not.toMatch(/ECONN|127\.0\.0\.1/);
  }
  expect((await api.call('GET', '/health/live')).status).toBe(200);
  await gate.open();
  await waitUntil(async () => (await read()).status === 200, { what: 'the API to reach Postgres again' });
});
