import { postgresAdminUrl } from '../postgres/start-postgres.js';
import { APP_DATABASE, BILLING_DATABASE, type DatabasePlan, databasePlan } from './database-plan.js';
import type { StackHome } from './home.js';
import { type StackPorts, stackPorts } from './ports.js';
import { loadSecrets, type StackSecrets } from './secrets.js';
import { StackError } from './stack-error.js';
import { type TemporalPlan, temporalPlan } from './temporal-plan.js';
import { readWorkers, type WorkerDescription } from './workers.js';

/** Everything that is decided before the first process starts. */
export interface StackSettings {
  readonly env: NodeJS.ProcessEnv;
  readonly home: StackHome;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  /** The teams' workers that this stack runs. */
  readonly workers: readonly WorkerDescription[];
  readonly app: DatabasePlan;
  /** Undefined when billing itself is somebody else's. */
  readonly billing: DatabasePlan | undefined;
  /** Superuser of the embedded server; undefined when no database is on it. */
  readonly postgresAdminUrl: string | undefined;
  readonly temporal: TemporalPlan;
  readonly url: string;
  readonly billingUrl: string;
  readonly sandboxUrl: string;
  readonly sandboxAdminUrl: string;
}

/**
 * Reads the environment once. Generated secrets are made and kept here.
 *
 * @throws StackError when a variable or a worker's description is malformed.
 */
export function stackSettings(env: NodeJS.ProcessEnv, home: StackHome): StackSettings {
  const ports = stackPorts(env);
  const workers = readWorkers();
  const services = workers.map(({ service }) => service);
  const secrets = loadSecrets(home.secrets, services, env);
  const adminUrl = postgresAdminUrl({ port: ports.postgres, password: secrets.postgresPassword });
  const app = databasePlan(env, APP_DATABASE, adminUrl, {
    database: 'uno',
    owner: 'uno_owner',
    ownerPassword: secrets.ownerPassword,
    role: 'uno_app',
    rolePassword: secrets.appPassword,
  });
  const billing = ownBilling(env)
    ? undefined
    : databasePlan(env, BILLING_DATABASE, adminUrl, {
        database: 'billing',
        owner: 'uno_billing_owner',
        ownerPassword: secrets.billingOwnerPassword,
        role: 'uno_billing',
        rolePassword: secrets.billingPassword,
      });
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    env,
    home,
    ports,
    secrets,
    workers,
    app,
    billing,
    postgresAdminUrl: app.external && billing?.external !== false ? undefined : adminUrl,
    temporal: temporalPlan(env, { address: `127.0.0.1:${ports.temporal}`, uiUrl: local(ports.temporalUi) }),
    url: local(ports.api),
    billingUrl: env['BILLING_URL'] || local(ports.billing),
    sandboxUrl: local(ports.sandbox),
    sandboxAdminUrl: local(ports.sandboxAdmin),
  };
}

/** Whether billing runs elsewhere; then this stack starts none and needs no database for it. */
function ownBilling(env: NodeJS.ProcessEnv): boolean {
  if (!env['BILLING_URL']) return false;
  if (!env['BILLING_KEY']) throw new StackError('BILLING_URL is set, so BILLING_KEY must hold the key that it takes');
  return true;
}
