import { HttpError, send } from '../http.js';
import { type DemoWorkspace, keepWorkspace } from '../stack/secrets.js';
import type { StackSettings } from '../stack/settings.js';
import { waitUntil } from '../wait-until.js';
import { SAMPLE_COMPANIES } from './sample-companies.js';

const DEMO_CREDITS = 100_000;
const SERVICE_TIMEOUT_MS = 60_000;

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

/**
 * Makes the sample list: companies, and one enrich column that is not filled yet. Done once per workspace; a start that
 * was interrupted goes on where it was, and a list that the user deleted stays deleted.
 */
export async function ensureSampleList(settings: StackSettings, workspace: DemoWorkspace): Promise<void> {
  if (workspace.seeded) return;
  const post = (path: string, body: unknown, step: string): Promise<{ id: string }> =>
    send<{ id: string }>({
      method: 'POST',
      url: `${settings.url}${path}`,
      key: workspace.apiKey,
      body,
      idempotencyKey: `seed:${workspace.id}:${step}`,
    });
  const list = await post(
    '/v1/lists',
    { name: 'Sample companies', entityType: 'company', identity: { name: 'name', domain: 'domain' } },
    'list',
  );
  await post(`/v1/lists/${list.id}/rows`, { rows: SAMPLE_COMPANIES.map((entity) => ({ entity })) }, 'rows');
  await untilOffered(settings, workspace, 'enrich');
  const column = { name: 'Industry', service: 'enrich', config: { attribute: 'industry' } };
  await post(`/v1/lists/${list.id}/columns`, column, 'column');
  keepWorkspace(settings.home.secrets, { ...workspace, seeded: true });
}

/** A worker registers its service in its own time; a column of it can be made only after that. */
async function untilOffered({ url }: StackSettings, { apiKey }: DemoWorkspace, service: string): Promise<void> {
  await waitUntil(
    async () => {
      const { items } = await send<{ items: { id: string }[] }>({
        method: 'GET',
        url: `${url}/v1/services`,
        key: apiKey,
      });
      return items.some(({ id }) => id === service);
    },
    { timeoutMs: SERVICE_TIMEOUT_MS, intervalMs: 250, what: `the ${service} service to be registered` },
  );
}
