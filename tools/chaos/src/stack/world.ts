import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { installAuditTrail } from '../audit/audit-trail.js';
import { Database } from './database.js';
import { Sandbox } from './sandbox.js';
import { type StackOptions, StackUnderTest } from './stack-under-test.js';

/** The stack under test and every way in which it is steered and read. */
export interface World {
  readonly stack: StackUnderTest;
  /** As superuser: sees all workspaces, and may end sessions. */
  readonly app: Database;
  readonly billing: Database;
  readonly sandbox: Sandbox;
  readonly temporal: Client;
  /** Ends the stack and all connections to it. */
  stop(): Promise<void>;
}

/** Starts the stack, or goes on with the state that an earlier one left in its home. */
export async function startWorld(options: StackOptions): Promise<World> {
  const stack = new StackUnderTest(options);
  await stack.start();
  const credentials = stack.credentials();
  const app = new Database(superuserUrl(options.home, credentials.databaseAdminUrl));
  const billing = new Database(superuserUrl(options.home, credentials.billingDatabaseUrl));
  await installAuditTrail(app);
  const connection = Connection.lazy({ address: credentials.temporalAddress });
  return {
    ...{ stack, app, billing, sandbox: new Sandbox(credentials) },
    temporal: new Client({ connection, namespace: 'default' }),
    async stop() {
      await Promise.all([app.close(), billing.close(), connection.close()]);
      await stack.stop();
    },
  };
}

/** The embedded server's superuser, on the database that the address names. */
function superuserUrl(home: string, address: string): string {
  const secrets = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as { postgresPassword: string };
  const url = new URL(address);
  url.username = 'postgres';
  url.password = secrets.postgresPassword;
  return url.href;
}
