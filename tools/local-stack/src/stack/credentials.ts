import { readFileSync, rmSync } from 'node:fs';
import { stackHome } from './home.js';
import { writeJson } from './json-file.js';
import type { DemoWorkspace } from './secrets.js';
import type { StackSettings } from './settings.js';

/** All that a client of a stack needs to know; empty what it has not got, because a server is somebody else's. */
export interface Credentials {
  readonly url: string;
  /** Of the demo workspace. */
  readonly apiKey: string;
  readonly workspaceId: string;
  readonly operatorKey: string;
  readonly billingUrl: string;
  readonly billingKey: string;
  readonly sandboxUrl: string;
  readonly sandboxAdminUrl: string;
  readonly sandboxAdminKey: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string;
  readonly databaseUrl: string;
  /** Of the role that owns the orchestrator's tables, which row-level security does not bind. */
  readonly databaseAdminUrl: string;
  readonly billingDatabaseUrl: string;
}

/** @param home `UNO_HOME` of a stack that is up. */
export function readCredentials(home: string): Credentials {
  return JSON.parse(readFileSync(stackHome(home).credentials, 'utf8')) as Credentials;
}

/** Writes `.uno/credentials.json`, readable by its owner only. */
export function writeCredentials(settings: StackSettings, workspace: DemoWorkspace): void {
  const { secrets, temporal } = settings;
  writeJson(settings.home.credentials, {
    url: settings.url,
    apiKey: workspace.apiKey,
    workspaceId: workspace.id,
    operatorKey: secrets.operatorKey,
    billingUrl: settings.billingUrl,
    billingKey: secrets.billingKey,
    sandboxUrl: settings.sandboxUrl,
    sandboxAdminUrl: settings.sandboxAdminUrl,
    sandboxAdminKey: secrets.sandboxAdminKey,
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace,
    temporalUiUrl: temporal.uiUrl ?? '',
    databaseUrl: settings.app.url,
    databaseAdminUrl: settings.app.adminUrl ?? '',
    billingDatabaseUrl: settings.billing?.url ?? '',
  } satisfies Credentials);
}

/** Takes the file of a stack away that kept nothing. */
export function removeCredentials(settings: StackSettings): void {
  rmSync(settings.home.credentials, { force: true });
}
