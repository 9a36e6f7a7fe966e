import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the server answers: a status and a JSON document, or plain text. */
export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly contentType?: string;
}

type Route = (request: Received) => Reply | 'never';

/** A real HTTP server that answers the documented shapes, route by route: `on('GET /v1/lists', …)`. */
export class ApiServer {
  readonly received: Received[] = [];
  private readonly routes = new Map<string, Route>();
  readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers that route from now on; a list of replies is given one by one, the last one for ever; `never` leaves it waiting. */
  on(route: string, reply: Reply | readonly Reply[] | Route): this {
    if (typeof reply === 'function') this.routes.set(route, reply);
    else {
      const replies = [reply].flat();
      this.routes.set(route, () => (replies.length > 1 ? replies.shift() : replies[0]) ?? {});
    }
    return this;
  }

  /** The requests of that route so far. */
  requests(route: string): Received[] {
    return this.received.filter(({ method, path }) => `${method} ${path}` === route);
  }

  reset(): void {
    this.routes.clear();
    this.received.length = 0;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const received = {
      method,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: await text(request),
    };
    this.received.push(received);
    const reply = this.routes.get(`${method} ${pathname}`)?.(received) ?? notFound;
    if (reply === 'never') return;
    const { status = 200, json, text: plain, contentType } = reply;
    const type = status >= 400 ? 'application/problem+json' : (contentType ?? 'application/json');
    response.writeHead(status, { 'content-type': type });
    response.end(json === undefined ? plain : JSON.stringify(json));
  }
}

const notFound: Reply = {
  status: 404,
  json: { type: 'about:blank', title: 'Not found', status: 404, code: 'not_found', detail: 'There is no such thing.' },
};
