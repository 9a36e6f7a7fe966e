import { connectionUrl, type DatabaseAccess, type DatabaseUrls } from '../postgres/roles.js';
import { postgresAdminUrl } from '../postgres/start-postgres.js';
import type { StackHome } from './home.js';
import { type StackPorts, stackPorts } from './ports.js';
import { loadSecrets, type StackSecrets } from './secrets.js';

/** Services whose workers this stack runs. */
export const SERVICES = ['enrich'] as const;

/** A database: on the embedded server, or one that the user named and that is only used. */
export type DatabasePlan =
  | { readonly external: false; readonly access: DatabaseAccess; readonly urls: DatabaseUrls }
  | {
      readonly external: true;
      /** Whether the application's role is made by the stack. */
      readonly roleIsOurs: boolean;
      readonly role: string;
      readonly rolePassword: string;
      readonly urls: DatabaseUrls;
    };

/** Everything that is decided before the first process starts. */
export interface StackSettings {
  readonly env: NodeJS.ProcessEnv;
  readonly home: StackHome;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly app: DatabasePlan;
  readonly billing: DatabasePlan;
  /** Superuser of the embedded server; undefined when both databases are somebody else's. */
  readonly postgresAdminUrl: string | undefined;
  readonly temporal: { readonly external: boolean; readonly address: string; readonly uiUrl: string | undefined };
  readonly url: string;
  readonly billingUrl: string;
  readonly sandboxUrl: string;
  readonly sandboxAdminUrl: string;
}

/**
 * Reads the environment once. Generated secrets are made and kept here.
 *
 * @throws StackError when a variable is malformed.
 */
export function stackSettings(env: NodeJS.ProcessEnv, home: StackHome): StackSettings {
  const ports = stackPorts(env);
  const secrets = loadSecrets(home.secrets, SERVICES, env);
  const adminUrl = postgresAdminUrl({ port: ports.postgres, password: secrets.postgresPassword });
  const app = databasePlan(adminUrl, env['DATABASE_URL'], env['DATABASE_ADMIN_URL'], {
    database: 'uno',
    owner: 'uno_owner',
    ownerPassword: secrets.ownerPassword,
    role: 'uno_app',
    rolePassword: secrets.appPassword,
  });
  const billing = databasePlan(adminUrl, env['BILLING_DATABASE_URL'], env['BILLING_DATABASE_ADMIN_URL'], {
    database: 'billing',
    owner: 'uno_billing_owner',
    ownerPassword: secrets.billingOwnerPassword,
    role: 'uno_billing',
    rolePassword: secrets.billingPassword,
  });
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  const external = env['TEMPORAL_ADDRESS'];
  return {
    env,
    home,
    ports,
    secrets,
    app,
    billing,
    postgresAdminUrl: app.external && billing.external ? undefined : adminUrl,
    temporal: external
      ? { external: true, address: external, uiUrl: env['TEMPORAL_UI_URL'] }
      : { external: false, address: `127.0.0.1:${ports.temporal}`, uiUrl: local(ports.temporalUi) },
    url: local(ports.api),
    billingUrl: env['BILLING_URL'] || local(ports.billing),
    sandboxUrl: local(ports.sandbox),
    sandboxAdminUrl: local(ports.sandboxAdmin),
  };
}

/**
 * A user's URL alone is taken for an administrator's: the application's role is made with it. With an administrator's URL
 * beside it, it is the application's.
 */
function databasePlan(
  embeddedAdminUrl: string,
  url: string | undefined,
  adminUrl: string | undefined,
  access: DatabaseAccess,
): DatabasePlan {
  const { database, owner, ownerPassword, role, rolePassword } = access;
  if (url) {
    const ownRole = adminUrl ? url : connectionUrl(url, { user: role, password: rolePassword });
    return {
      external: true,
      roleIsOurs: !adminUrl,
      role,
      rolePassword,
      urls: { adminUrl: adminUrl ?? url, url: ownRole },
    };
  }
  return {
    external: false,
    access,
    urls: {
      adminUrl: connectionUrl(embeddedAdminUrl, { database, user: owner, password: ownerPassword }),
      url: connectionUrl(embeddedAdminUrl, { database, user: role, password: rolePassword }),
    },
  };
}
