import { HttpError, send } from '../http.js';
import { type DemoWorkspace, keepWorkspace } from '../stack/secrets.js';
import type { StackSettings } from '../stack/settings.js';
import { SAMPLE_COMPANIES } from './sample-companies.js';
import { SAMPLE_CONTACTS } from './sample-contacts.js';

interface SampleList {
  readonly entityType: 'company' | 'contact';
  readonly name: string;
  /** Which attributes say who an entity is. */
  readonly identity: Readonly<Record<string, string>>;
  readonly entities: readonly object[];
}

const SAMPLE_LISTS: readonly SampleList[] = [
  {
    ...{ entityType: 'company', name: 'Sample companies' },
    identity: { name: 'name', domain: 'domain' },
    entities: SAMPLE_COMPANIES,
  },
  {
    ...{ entityType: 'contact', name: 'Sample contacts' },
    identity: { name: 'name', email: 'email', domain: 'domain' },
    entities: SAMPLE_CONTACTS,
  },
];

/** A column of a sample list, as the worker of its service describes it. */
export interface SampleColumn {
  readonly listId: string;
  readonly service: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Makes the sample lists with their rows. Done once per workspace; a start that was interrupted goes on where it was, and a list
 * that the user deleted stays deleted.
 *
 * @returns the columns that they shall get, in the order in which they may name each other.
 */
export async function ensureSampleLists(settings: StackSettings, workspace: DemoWorkspace): Promise<SampleColumn[]> {
  if (workspace.seeded) return [];
  const columns: SampleColumn[] = [];
  for (const { entityType, name, identity, entities } of SAMPLE_LISTS) {
    const step = (what: string): string => `seed:${workspace.id}:${entityType}:${what}`;
    const list = { name, entityType, identity };
    const made = { path: '/v1/lists', body: list, idempotencyKey: step('list') };
    const { id: listId } = await post<{ id: string }>(settings, workspace, made);
    const body = { rows: entities.map((entity) => ({ entity })) };
    await post(settings, workspace, { path: `/v1/lists/${listId}/rows`, body, idempotencyKey: step('rows') });
    for (const { service, sampleColumns } of settings.workers) {
      columns.push(...sampleColumns[entityType].map((column) => ({ listId, service, ...column })));
    }
  }
  return columns;
}

/**
 * Adds the sample columns whose service has registered. When none is left to add, the sample lists count as complete.
 *
 * @param say told which columns the orchestrator refused, and why; they are left out.
 * @returns those that still wait for a service: of their own, or of a column that they name.
 */
export async function addSampleColumns(
  settings: StackSettings,
  workspace: DemoWorkspace,
  { columns, say }: { readonly columns: readonly SampleColumn[]; readonly say: (message: string) => void },
): Promise<SampleColumn[]> {
  if (columns.length === 0) return [];
  const offered = await offeredServices(settings, workspace);
  const waiting: SampleColumn[] = [];
  const refused = new Map<SampleColumn, HttpError>();
  for (const column of columns) {
    if (!offered.has(column.service)) {
      waiting.push(column);
      continue;
    }
    const refusal = await addColumn(settings, workspace, column);
    if (refusal) refused.set(column, refusal);
  }
  for (const [column, refusal] of refused) {
    // What it names may be a column that waits itself.
    if (waiting.some(({ listId }) => listId === column.listId)) waiting.push(column);
    else say(`left out the sample column ${column.name}: ${refusal.message}`);
  }
  if (waiting.length === 0) keepWorkspace(settings.home.secrets, { ...workspace, seeded: true });
  return waiting;
}

/** @returns the refusal of a column that the list cannot have now. */
async function addColumn(
  settings: StackSettings,
  workspace: DemoWorkspace,
  { listId, ...body }: SampleColumn,
): Promise<HttpError | undefined> {
  const idempotencyKey = `seed:${workspace.id}:${listId}:${body.service}:${body.name.replaceAll(/\W/g, '-')}`;
  try {
    await post(settings, workspace, { path: `/v1/lists/${listId}/columns`, body, idempotencyKey });
    return undefined;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // The user deleted the list, or has a column of this name already.
    if (error.status === 404 || error.status === 409) return undefined;
    if (error.status === 422) return error;
    throw error;
  }
}

async function offeredServices({ url }: StackSettings, { apiKey: key }: DemoWorkspace): Promise<Set<string>> {
  const { items } = await send<{ items: { id: string }[] }>({ method: 'GET', url: `${url}/v1/services`, key });
  return new Set(items.map(({ id }) => id));
}

function post<T>(
  { url }: StackSettings,
  { apiKey: key }: DemoWorkspace,
  { path, ...rest }: { readonly path: string; readonly body: unknown; readonly idempotencyKey: string },
): Promise<T> {
  return send<T>({ method: 'POST', url: `${url}${path}`, key, ...rest });
}
