import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { openTestPool, startTestDatabase } from '@uno/testing';
import type pg from 'pg';
import { createBillingApp } from '../../src/billing-app.js';
import { BillingConfig } from '../../src/config/billing.config.js';

export const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');
export const SERVICE_KEY = 'a-key-for-tests';

/** An answer over HTTP. `body` is whatever JSON came; each test looks at the members that it is about. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer is read by its wire shape, which the test asserts
  readonly body: any;
}

/** The service over a fresh database, listening on a free port. */
export class BillingServer {
  private constructor(
    readonly url: string,
    /** A pool with the owner's rights, to look behind the service. */
    readonly admin: pg.Pool,
    readonly databaseUrl: string,
    /** Every route that the server knows, such as `GET /v1/holds`. */
    readonly routes: readonly string[],
    private readonly close: () => Promise<void>,
  ) {}

  static async start({ expirySweepSeconds = 3_600 } = {}): Promise<BillingServer> {
    const database = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_billing' });
    const config = new BillingConfig('127.0.0.1', 0, 'silent', database.url, SERVICE_KEY, expirySweepSeconds);
    const app = await createBillingApp(config);
    const server = await app.listen(0, '127.0.0.1');
    const { port } = server.address() as AddressInfo;
    const admin = openTestPool(database.adminUrl, 4);
    return new BillingServer(`http://127.0.0.1:${port}`, admin, database.url, routesOf(app), async () => {
      await app.close();
      await admin.end();
      await database.stop();
    });
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('GET', path, { headers });
  }

  /** Posts with a key of its own unless one is given. */
  async post(path: string, body: unknown, key: string = randomUUID()): Promise<Reply> {
    return this.send('POST', path, {
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify(body),
    });
  }

  async send(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...init,
      headers: { Authorization: `Bearer ${SERVICE_KEY}`, ...init.headers },
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  /** A fresh account with `amount` credits. */
  async account(amount = 100): Promise<string> {
    const id = `ws_${randomUUID()}`;
    const reply = await this.post(`/v1/accounts/${id}/grants`, { amount });
    if (reply.status !== 201) {
      throw new Error(`grant answered ${reply.status}`);
    }
    return id;
  }

  /** A hold of `amount` credits under `reference`; its id. */
  async hold(account: string, amount: number, reference = 'job_1'): Promise<string> {
    const reply = await this.post(`/v1/accounts/${account}/holds`, { amount, reference, ttlSeconds: 3_600 });
    if (reply.status !== 201) {
      throw new Error(`hold answered ${reply.status}`);
    }
    return String(reply.body.id);
  }

  /** Lets the time of a hold pass without waiting for it. */
  async letExpire(holdId: string): Promise<void> {
    await this.admin.query(`update hold set expires_at = clock_timestamp() - interval '1 second' where id = $1`, [
      holdId,
    ]);
  }

  async stop(): Promise<void> {
    await this.close();
  }
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

function routesOf(app: NestExpressApplication): string[] {
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: { stack: readonly Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
  );
}
