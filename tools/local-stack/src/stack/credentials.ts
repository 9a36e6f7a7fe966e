import { rmSync } from 'node:fs';
import { writeJson } from './json-file.js';
import type { DemoWorkspace } from './secrets.js';
import type { StackSettings } from './settings.js';

/** Writes `.uno/credentials.json`, all that a client of this stack needs to know; readable by its owner only. */
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
    temporalUiUrl: temporal.uiUrl,
    databaseUrl: settings.app.url,
    databaseAdminUrl: settings.app.adminUrl,
    billingDatabaseUrl: settings.billing?.url,
  });
}

/** Takes the file of a stack away that kept nothing. */
export function removeCredentials(settings: StackSettings): void {
  rmSync(settings.home.credentials, { force: true });
}
