import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from './json-file.js';

/** Keys and passwords made on the first start and kept for all later ones. */
export interface StackSecrets {
  readonly postgresPassword: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
  readonly billingOwnerPassword: string;
  readonly billingPassword: string;
  readonly billingKey: string;
  readonly operatorKey: string;
  readonly sandboxAdminKey: string;
  /** One key per worker, by service id. */
  readonly serviceKeys: Readonly<Record<string, string>>;
  /** The demo workspace, once it exists. */
  readonly workspace?: DemoWorkspace;
}

/** The workspace that the stack seeds. */
export interface DemoWorkspace {
  readonly id: string;
  readonly apiKey: string;
  /** Whether its sample lists are complete: what the user deletes is not made again. */
  readonly seeded: boolean;
}

function key(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('base64url')}`;
}

/**
 * Reads the kept secrets and makes those that are missing. Keys in the environment win and are not kept.
 *
 * @param services ids of the services whose workers this stack runs.
 */
export function loadSecrets(path: string, services: readonly string[], env: NodeJS.ProcessEnv): StackSecrets {
  const kept = (readJson(path) ?? {}) as Partial<StackSecrets>;
  const keys = services.map((service) => [service, kept.serviceKeys?.[service] ?? key(`uno_service_${service}`)]);
  const secrets: StackSecrets = {
    postgresPassword: kept.postgresPassword ?? key('pg'),
    ownerPassword: kept.ownerPassword ?? key('pg'),
    appPassword: kept.appPassword ?? key('pg'),
    billingOwnerPassword: kept.billingOwnerPassword ?? key('pg'),
    billingPassword: kept.billingPassword ?? key('pg'),
    billingKey: kept.billingKey ?? key('uno_billing'),
    operatorKey: kept.operatorKey ?? key('uno_operator'),
    sandboxAdminKey: kept.sandboxAdminKey ?? key('uno_sandbox'),
    serviceKeys: Object.fromEntries(keys) as Record<string, string>,
    ...(kept.workspace ? { workspace: kept.workspace } : {}),
  };
  writeJson(path, secrets);
  return {
    ...secrets,
    billingKey: env['BILLING_KEY'] || secrets.billingKey,
    operatorKey: env['OPERATOR_KEY'] || secrets.operatorKey,
    sandboxAdminKey: env['SANDBOX_ADMIN_KEY'] || secrets.sandboxAdminKey,
  };
}

/** Keeps the demo workspace for later starts. */
export function keepWorkspace(path: string, workspace: DemoWorkspace): void {
  writeJson(path, { ...(readJson(path) as StackSecrets), workspace });
}
