import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

/** One exchange as the provider documents it. The worker's tests read the same files: neither side can agree with itself alone. */
interface Fixture {
  readonly source: string;
  readonly provider: string;
  /** What to do beforehand, so that the sandbox has reason to answer so. */
  readonly arrange?: {
    readonly faults?: readonly object[];
    readonly calls?: readonly { readonly path: string; readonly body: unknown }[];
    /** A search whose ids stand for the first ones of the request. */
    readonly ids?: { readonly path: string; readonly body: unknown };
  };
  readonly request: { readonly path: string; readonly body: { readonly ids?: readonly string[] } };
  readonly reply: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

const APPS = fileURLToPath(new URL('../../', import.meta.url));
/** Those of the workers that are there. */
const FIXTURES = ['ai-worker', 'signals-worker', 'crm-worker']
  .map((app) => `${APPS}${app}/test/fixtures/`)
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => ({ name: file, file: folder + file })))
  .filter(({ file }) => file.endsWith('.json'));
const MOST_SEEDS = 500;

let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(SandboxProcess.newLogFile());
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

describe('the documented exchanges of the workers', () => {
  test.each(FIXTURES)('$name is how the sandbox answers too', async ({ file }) => {
    const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
    expect(fixture.source).toMatch(/^https:/);
    // Who is known, and what happened there, differs from seed to seed.
    const tries = fixture.provider === 'lusha' ? MOST_SEEDS : 1;
    let found: readonly string[] = [];
    for (let seed = 1; seed <= tries; seed++) {
      found = await differencesWith(fixture, seed);
      if (found.length === 0) break;
    }
    expect(found).toEqual([]);
  });
});

async function differencesWith(fixture: Fixture, seed: number): Promise<readonly string[]> {
  const { provider, arrange = {}, request, reply } = fixture;
  await sandbox.admin('POST', '/admin/reset', { seed });
  await sandbox.admin('PUT', '/admin/latency', { provider, p50Ms: 0, p99Ms: 0 });
  await sandbox.admin('PUT', '/admin/limits', { provider, requestsPerSecond: null });
  for (const { path, body } of arrange.calls ?? []) await sandbox.post(provider, path, body);
  if (arrange.faults) await sandbox.admin('PUT', '/admin/faults', arrange.faults);
  const ids = arrange.ids ? await idsFrom(await sandbox.post(provider, arrange.ids.path, arrange.ids.body)) : [];
  const body = request.body.ids
    ? { ...request.body, ids: request.body.ids.map((id, index) => ids[index] ?? id) }
    : request.body;
  const response = await sandbox.post(provider, request.path, body);
  const text = await response.text();
  const headers = Object.entries(reply.headers ?? {}).filter(([name, value]) => response.headers.get(name) !== value);
  return [
    ...(response.status === reply.status ? [] : [`status ${response.status}: ${text}`]),
    ...headers.map(([name]) => `header ${name}`),
    ...differences(text === '' ? undefined : JSON.parse(text), reply.body),
  ];
}

async function idsFrom(response: Response): Promise<readonly (string | undefined)[]> {
  const { results } = (await response.json()) as { results: { id?: string }[] };
  return results.map(({ id }) => id);
}

/** Fields that the sandbox has and the documentation has not, other types, and other items or outcomes. Null may stand for any value. */
function differences(actual: unknown, documented: unknown, at = ''): string[] {
  if (actual === null || documented === null) return [];
  if (typeof actual !== typeof documented) return [`${at}: ${typeof actual}`];
  if (Array.isArray(actual) && Array.isArray(documented)) {
    const counted = /\/(results|errors|choices|financialEventsNews|surgeInHiring|companyChange|promotion)$/.test(at);
    const length = counted && actual.length !== documented.length ? [`${at}: ${actual.length} items`] : [];
    return [
      ...length,
      ...actual.flatMap((item, index) => differences(item, documented[index] ?? documented[0], `${at}/${index}`)),
    ];
  }
  if (typeof actual !== 'object' || typeof documented !== 'object') return [];
  const [mine, theirs] = [actual, documented] as [Record<string, unknown>, Record<string, unknown>];
  const lacking = Object.keys(theirs).filter((field) => !(field in mine) && DECISIVE.has(field));
  return [
    ...lacking.map((field) => `${at}/${field}: missing`),
    ...Object.entries(mine).flatMap(([field, value]) =>
      field in theirs ? differences(value, theirs[field], `${at}/${field}`) : [`${at}/${field}: not documented`],
    ),
  ];
}

/** Fields that say how an item came out, or that a caller cannot do without. */
const DECISIVE: ReadonlySet<string> = new Set([
  ...['id', 'error', 'errors', 'results', 'choices', 'message', 'content', 'usage', 'finish_reason', 'refusal'],
  ...['billing', 'financialEventsNews', 'surgeInHiring', 'companyChange', 'promotion', 'properties', 'context'],
  ...['ids', 'objectWriteTraceId', 'new', 'numErrors', 'category', 'archived', 'code', 'createdAt', 'updatedAt'],
]);
