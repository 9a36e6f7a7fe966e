import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../src/index.js';
import { refuseTakenPorts } from '../src/stack/ports.js';

describe('a taken port', () => {
  test('is refused with its number, who wants it and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const wanted = [
      { name: 'api', port },
      { name: 'billing', port: await freePort() },
    ];
    await expect(refuseTakenPorts(wanted)).rejects.toThrow(
      `This port is taken by another program: ${port} (api). Stop that program, or move all ports of the stack together: ` +
        'UNO_PORT_BASE=4000 npm start',
    );
    server.close();
    await once(server, 'close');
    await expect(refuseTakenPorts(wanted)).resolves.toBeUndefined();
  });
});
