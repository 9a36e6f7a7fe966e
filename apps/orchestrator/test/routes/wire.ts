import { Agent, request } from 'node:http';
import type { WireRequest } from './sample.js';

export interface WireReply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** A request that is not answered after so long hangs. */
const LONGEST_ANSWER_MS = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/**
 * Sends what `fetch` would refuse to send, and reads the answer; of an answer without end, its beginning.
 * @throws when there is no answer
 */
export function send(base: string, { method, path, headers, body }: WireRequest): Promise<WireReply> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } as NodeJS.Dict<
        string | string[]
      >,
      timeout: LONGEST_ANSWER_MS,
    });
    let answered = false;
    outgoing.on('response', (response) => {
      answered = true;
      const contentType = response.headers['content-type'] ?? '';
      const chunks: Buffer[] = [];
      const done = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          contentType,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        });
      if (contentType.includes('ndjson')) {
        done();
        outgoing.destroy();
        return;
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', done);
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    // A server that has refused a body need not read the rest of it.
    outgoing.on('error', (error) => (answered ? undefined : reject(error)));
    outgoing.end(body);
  });
}
