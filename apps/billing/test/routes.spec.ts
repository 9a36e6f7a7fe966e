import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Case } from './routes/cases.js';
import { bodyCases, keyCases, methodCases, pathCases, queryCases } from './routes/cases.js';
import { furnish, KEYLESS, ROUTES } from './routes/routes.js';
import type { Reply } from './support/billing-server.js';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
let values: Awaited<ReturnType<typeof furnish>>;
beforeAll(async () => {
  billing = await BillingServer.start();
  values = await furnish(billing);
  await recordWrites();
});
afterAll(() => billing.stop());

/** Has the database note each row that anybody writes; what is rolled back leaves no note. */
async function recordWrites(): Promise<void> {
  await billing.admin.query('create table test_write (table_name text not null)');
  await billing.admin.query(`create function note_write() returns trigger language plpgsql security definer as $$
    begin insert into public.test_write values (tg_table_name); return null; end $$`);
  const tables = await billing.admin.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('test_write', '_prisma_migrations')`,
  );
  for (const { name } of tables.rows) {
    await billing.admin.query(
      `create trigger note_write after insert or update or delete on "${name}" for each row execute function note_write()`,
    );
  }
}

async function written(): Promise<string[]> {
  const notes = await billing.admin.query<{ table_name: string }>('delete from test_write returning table_name');
  return [...new Set(notes.rows.map(({ table_name }) => table_name))];
}

async function addressOf(path: string): Promise<string> {
  let address = path;
  for (const [place, name = ''] of path.matchAll(/:(\w+)/g)) {
    address = address.replace(place, (await values[name]?.()) ?? '');
  }
  return address;
}

/** Sends what the case changes of a request that is otherwise right. */
async function send(route: string, given: Case): Promise<Reply> {
  const [method = '', path = ''] = route.split(' ');
  const { query = method === 'GET' ? DEFAULT_QUERY[path] : undefined } = given;
  const body = method === 'POST' ? (given.body ?? JSON.stringify(ROUTES[route]?.valid?.() ?? {})) : undefined;
  return billing.send(given.method ?? method, `${given.path ?? (await addressOf(path))}${query ? `?${query}` : ''}`, {
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() }),
      ...given.headers,
    },
    ...(body !== undefined && { body }),
  });
}

const DEFAULT_QUERY: Readonly<Record<string, string>> = {
  '/v1/accounts/:accountId/holds': 'reference=reference',
  '/v1/holds': 'state=open',
};

/** What gives away how the inside looks. */
const INSIDE =
  /\/(work|home|tmp|usr|node_modules)\/|^\s+at \S+|\.[cm]?[jt]s:\d+|relation "|sqlstate|postgres|prisma|\bzod\b|127\.0\.0\.1/im;

function faultsOf({ name, status, code, pointer }: Case, reply: Reply): string[] {
  const { body } = reply;
  const problem = reply.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const pointers: string[] = (body?.errors ?? []).map((error: { pointer: string }) => error.pointer);
  return [
    ...(reply.status >= 500 ? ['is a server error'] : []),
    ...(status !== undefined && reply.status !== status ? [`expected ${status}`] : []),
    ...(reply.status >= 400 && !problem ? ['is no problem document'] : []),
    ...(problem && (body.status !== reply.status || !body.code || !body.title || !body.detail || !body.type)
      ? ['lacks a member of a problem']
      : []),
    ...(problem && INSIDE.test(JSON.stringify(body)) ? ['shows the inside'] : []),
    ...(reply.status === 401 && reply.headers.get('www-authenticate') === null ? ['does not say how to sign in'] : []),
    ...(code !== undefined && body?.code !== code ? [`expected the code ${code}`] : []),
    ...(reply.status === 422 && pointer !== undefined && !pointers.some((found) => isAbout(found, pointer))
      ? [`names ${pointers.join(', ')} instead of ${pointer}`]
      : []),
  ].map((fault) => `${name}: ${fault} (${reply.status} ${JSON.stringify(body)?.slice(0, 300)})`);
}

/** Whether a complaint stands at the place or inside it. */
const isAbout = (found: string, place: string): boolean => found === place || found.startsWith(`${place}/`);

/** What is wrong with the answers to these cases, and with what their requests wrote. */
async function check(route: string, cases: readonly Case[]): Promise<string[]> {
  const faults: string[] = [];
  for (const given of cases) {
    const address = given.path ?? (await addressOf(route.split(' ')[1] ?? ''));
    await written();
    const reply = await send(route, { ...given, path: address });
    faults.push(...faultsOf(given, reply));
    const refused = reply.status >= 400 && given.status !== undefined;
    if (refused) faults.push(...(await written()).map((table) => `${given.name}: ${table} was written to`));
  }
  return faults;
}

test('every route of the service is one that is tested here', () => {
  expect([...billing.routes].sort()).toEqual([...Object.keys(ROUTES), ...KEYLESS].sort());
});

describe.each(Object.entries(ROUTES))('%s', (route, about) => {
  test('answers what is right', async () => {
    const reply = await send(route, { name: 'right' });
    expect([200, 201]).toContain(reply.status);
  });

  test('lets nobody in without the right key', async () => {
    expect(await check(route, keyCases())).toEqual([]);
  });

  test('knows nothing of ids that are unknown or none at all', async () => {
    const [, path = ''] = route.split(' ');
    const good = Object.fromEntries(
      await Promise.all(Object.entries(values).map(async ([name, make]) => [name, await make()] as const)),
    );
    expect(await check(route, pathCases(path, good, about))).toEqual([]);
  });

  test('takes a query that fits, and names what does not', async () => {
    expect(await check(route, queryCases(about))).toEqual([]);
  });
});

const COMMANDS = Object.entries(ROUTES).filter(([, { valid }]) => valid);
describe.each(COMMANDS)('%s', (route, about) => {
  test('names what is wrong with a body', async () => {
    expect(await check(route, bodyCases(about))).toEqual([]);
  });

  test('has one effect per Idempotency-Key', async () => {
    const path = await addressOf(route.split(' ')[1] ?? '');
    const [key, body] = ['k'.repeat(200) + randomUUID(), JSON.stringify(about.valid?.())];
    const once: Case = { name: 'once', path, headers: { 'Idempotency-Key': key }, body };
    const first = await send(route, once);
    expect([200, 201]).toContain(first.status);
    await written();
    const repeated = await send(route, once);
    expect([repeated.status, repeated.body, await written()]).toEqual([first.status, first.body, []]);
    const keyed = (name: string, given: string, expected: Partial<Case>): Case => ({
      ...{ name, path, headers: { 'Idempotency-Key': given } },
      ...expected,
    });
    const reused = { status: 422, code: 'idempotency_key_reused' };
    const invalid = { status: 400, code: 'idempotency_key_invalid' };
    expect(
      await check(route, [
        keyed('empty', '', { status: 400, code: 'idempotency_key_required' }),
        keyed('too long', 'k'.repeat(256), invalid),
        keyed('a space in it', 'a b', invalid),
        keyed('beyond ASCII', 'k\u00fc', invalid),
        // A refund has no body that could differ.
        ...(Object.keys(about.body ?? {}).length > 0
          ? [keyed('another body', key, { ...reused, body: JSON.stringify(otherBody(about.valid?.())) })]
          : []),
      ]),
    ).toEqual([]);
  });
});

/** As good a body, and not the same one. */
function otherBody(body: unknown): unknown {
  const { ttlSeconds, amount, ...rest } = body as Record<string, number>;
  return {
    ...rest,
    ...(ttlSeconds !== undefined && { ttlSeconds: ttlSeconds + 1 }),
    ...(amount !== undefined && { amount: amount + 1 }),
  };
}

test('no address knows another method', async () => {
  const paths = new Set(Object.keys(ROUTES).map((route) => route.split(' ')[1] ?? ''));
  for (const path of paths) {
    expect(await check(`GET ${path}`, methodCases(path, billing.routes))).toEqual([]);
  }
});
