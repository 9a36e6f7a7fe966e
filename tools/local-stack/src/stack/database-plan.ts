import { connectionUrl, type DatabaseAccess } from '../postgres/roles.js';
import { StackError } from './stack-error.js';

/** A database: on the embedded server, or one that the user named and that is only used. */
export type DatabasePlan =
  | {
      readonly external: false;
      readonly access: DatabaseAccess;
      /** Connection string of the application's role. */
      readonly url: string;
      /** Connection string of the owner. */
      readonly adminUrl: string;
    }
  | { readonly external: true; readonly url: string; readonly adminUrl: string | undefined };

/** Names of the variables by which a user names a database of his own. */
export interface DatabaseVariables {
  readonly variable: string;
  readonly adminVariable: string;
}

export const APP_DATABASE: DatabaseVariables = { variable: 'DATABASE_URL', adminVariable: 'DATABASE_ADMIN_URL' };
export const BILLING_DATABASE: DatabaseVariables = {
  variable: 'BILLING_DATABASE_URL',
  adminVariable: 'BILLING_DATABASE_ADMIN_URL',
};

/**
 * The user's database where the variable is set, else the one on the embedded server.
 *
 * @throws StackError when a variable holds no connection string.
 */
export function databasePlan(
  env: NodeJS.ProcessEnv,
  { variable, adminVariable }: DatabaseVariables,
  embeddedAdminUrl: string,
  access: DatabaseAccess,
): DatabasePlan {
  const url = connectionString(env, variable);
  if (url) return { external: true, url, adminUrl: connectionString(env, adminVariable) };
  const { database, owner, ownerPassword, role, rolePassword } = access;
  return {
    external: false,
    access,
    url: connectionUrl(embeddedAdminUrl, { database, user: role, password: rolePassword }),
    adminUrl: connectionUrl(embeddedAdminUrl, { database, user: owner, password: ownerPassword }),
  };
}

/**
 * The connection string that a variable holds; undefined when it is not set.
 *
 * @throws StackError that names the variable and does not repeat its value, which may hold a password.
 */
export function connectionString(env: NodeJS.ProcessEnv, variable: string): string | undefined {
  const text = env[variable];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.username && url.pathname.length > 1)
    return text;
  throw new StackError(`${variable} is not of the form postgresql://role:password@host:port/database`);
}
