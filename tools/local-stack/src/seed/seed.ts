import { HttpError, send } from '../http.js';
import { type DemoWorkspace, keepWorkspace } from '../stack/secrets.js';
import type { StackSettings } from '../stack/settings.js';

const DEMO_CREDITS = 100_000;

/** Tells the orchestrator the keys by which this stack's workers authenticate. Idempotent. */
export async function registerServiceKeys(settings: StackSettings): Promise<void> {
  for (const [service, key] of Object.entries(settings.secrets.serviceKeys)) {
    const url = `${settings.url}/internal/v1/services/${service}/key`;
    await send({ method: 'PUT', url, key: settings.secrets.operatorKey, body: { key } });
  }
}

/**
 * Finds the demo workspace of an earlier start, or makes it. Its credits are granted under one idempotency key, so that
 * a start that was interrupted goes on where it was.
 */
export async function ensureWorkspace(settings: StackSettings): Promise<DemoWorkspace> {
  const { url, billingUrl, secrets, home } = settings;
  const workspace = (await knownWorkspace(settings)) ?? {
    ...(await send<{ id: string; apiKey: string }>({
      method: 'POST',
      url: `${url}/internal/v1/workspaces`,
      key: secrets.operatorKey,
      body: { name: 'Demo' },
    })),
    seeded: false,
  };
  keepWorkspace(home.secrets, workspace);
  await send({
    method: 'POST',
    url: `${billingUrl}/v1/accounts/${workspace.id}/grants`,
    key: secrets.billingKey,
    body: { amount: DEMO_CREDITS },
    idempotencyKey: `grant:demo:${workspace.id}`,
  });
  return workspace;
}

async function knownWorkspace({ url, secrets }: StackSettings): Promise<DemoWorkspace | undefined> {
  const { workspace } = secrets;
  if (!workspace) return undefined;
  try {
    await send({ method: 'GET', url: `${url}/v1/lists?limit=1`, key: workspace.apiKey });
    return workspace;
  } catch (error) {
    // Another database than last time does not know the key.
    if (error instanceof HttpError && error.status === 401) return undefined;
    throw error;
  }
}
