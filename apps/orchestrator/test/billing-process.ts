import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { freePort, openTestPool, startProcess, startTestDatabase } from '@uno/testing';
import type { TestProcess } from '@uno/testing';
import { BillingClient } from '../src/billing/billing.client.js';
import type { BilledAccount } from '../src/billing/billing.client.js';
import type { Config } from '../src/config/config.js';

const MAIN = fileURLToPath(new URL('../../billing/dist/main.js', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../billing/prisma/migrations', import.meta.url));
const BILLING_KEY = 'billing-key-of-this-test';

export interface BillingProcess {
  readonly config: Pick<Config, 'billingUrl' | 'billingKey' | 'billingTimeoutSeconds'>;
  readonly client: BillingClient;
  grant(workspaceId: string, amount: number): Promise<void>;
  account(workspaceId: string): Promise<BilledAccount>;
  /** As the owner of the ledger, its triggers off: what a person with the database in hand could do. */
  tamper(text: string, params?: readonly unknown[]): Promise<void>;
  /** Ends the process; its port refuses until {@link up}. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** {@link startBilling} for the tests of one file, stopped after them. */
export async function billingForThisFile(): Promise<BillingProcess> {
  const billing = await startBilling();
  afterAll(() => billing.stop());
  return billing;
}

/** The real billing service as a process of its own, on a database of its own. Workspaces of many tests may share it. */
export async function startBilling(): Promise<BillingProcess> {
  const database = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_billing' });
  const owner = openTestPool(database.adminUrl);
  const port = await freePort();
  const billingUrl = `http://127.0.0.1:${port}`;
  const start = (): Promise<TestProcess> =>
    startProcess({
      command: process.execPath,
      args: [MAIN],
      env: { PORT: String(port), BILLING_DATABASE_URL: database.url, BILLING_KEY, LOG_LEVEL: 'silent' },
      readyUrl: `${billingUrl}/health/ready`,
    });
  let running = await start();
  const config = { billingUrl, billingKey: BILLING_KEY, billingTimeoutSeconds: 10 };
  const client = new BillingClient(config as Config);
  return {
    config,
    client,
    grant: async (workspaceId, amount) => {
      const reply = await fetch(`${billingUrl}/v1/accounts/${workspaceId}/grants`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${BILLING_KEY}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({ amount }),
      });
      if (!reply.ok) throw new Error(`The grant answered ${reply.status}`);
    },
    account: (workspaceId) => client.account(workspaceId),
    tamper: async (text, params = []) => {
      await owner.query(`alter table hold disable trigger user; alter table capture disable trigger user;
        alter table capture_line disable trigger user; alter table refund disable trigger user`);
      await owner.query(text, [...params]);
    },
    down: async () => {
      await running.kill();
    },
    up: async () => {
      running = await start();
    },
    stop: async () => {
      await running.kill();
      await owner.end();
      await database.stop();
    },
  };
}
