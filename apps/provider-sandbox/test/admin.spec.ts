import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

interface Answer {
  readonly found: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

const logFile = SandboxProcess.newLogFile();
let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(logFile);
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

async function answer(key: string, provider = 'lusha', entityType = 'company'): Promise<Answer> {
  const query = new URLSearchParams({ provider, entityType, key });
  return sandbox.adminJson<Answer>('GET', `/admin/answers?${query.toString()}`);
}

async function answersFor(count: number): Promise<{ lusha: Answer; pdl: Answer }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const key = `company number ${index}`;
      return { lusha: await answer(key, 'lusha'), pdl: await answer(key, 'pdl') };
    }),
  );
}

describe('admin routes', () => {
  test('need the admin key', async () => {
    const response = await fetch(`${sandbox.adminUrl}/admin/calls`, { headers: { authorization: 'Bearer wrong' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('are not on the provider port, and a route that is not built is absent', async () => {
    expect((await fetch(`${sandbox.url}/admin/calls`)).status).toBe(404);
    expect((await sandbox.admin('GET', '/admin/slack/messages')).status).toBe(404);
  });

  test('at least 5 % of companies are known to People Data Labs only and at least 3 % to nobody', async () => {
    const answers = await answersFor(500);
    const share = (test: (each: { lusha: Answer; pdl: Answer }) => boolean): number =>
      answers.filter(test).length / 500;
    expect(share(({ lusha, pdl }) => !lusha.found && pdl.found)).toBeGreaterThanOrEqual(0.05);
    expect(share(({ lusha, pdl }) => !lusha.found && !pdl.found)).toBeGreaterThanOrEqual(0.03);
    const lacksHere = ({ lusha, pdl }: { lusha: Answer; pdl: Answer }): boolean =>
      lusha.found && lusha.values['employees'] === undefined && pdl.values['employees'] !== undefined;
    expect(share(lacksHere)).toBeGreaterThan(0.03);
  });

  test.each([
    ['Acme.com', 'https://www.acme.com/about?x=1'],
    ['  Johnson   &  Johnson ', 'johnson & johnson'],
  ])('the key %j is known in the form %j too', async (one, other) => {
    expect(await answer(one)).toEqual(await answer(other));
  });

  test('contacts are known by address, or by name and company domain', async () => {
    const contacts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => answer(`Ada Lovelace${index}|www.Acme${index}.com`, 'pdl', 'contact')),
    );
    const emails = contacts.flatMap(({ values }) => (typeof values['email'] === 'string' ? [values['email']] : []));
    expect(emails.length).toBeGreaterThan(5);
    expect(emails.every((email) => /^ada\.lovelace\d+@acme\d+\.com$/.test(email))).toBe(true);
  });

  test('reset with another seed changes the values and heals all faults; the log goes on', async () => {
    await sandbox.lusha(['Acme']);
    const before = await answersFor(60);
    const logged = (await sandbox.calls()).length;
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'lusha', fault: 'hang' }]);
    expect((await sandbox.admin('POST', '/admin/reset', { seed: 2 })).status).toBe(200);
    const after = await answersFor(60);
    const both = before.filter((each, index) => each.pdl.found && after[index]?.pdl.found);
    const same = before.filter((each, index) => {
      const employees = each.pdl.values['employees'];
      return employees !== undefined && employees === after[index]?.pdl.values['employees'];
    });
    expect(both.length).toBeGreaterThan(20);
    expect(same.length).toBeLessThan(5);
    expect((await sandbox.lusha(['Acme'])).status).toBe(200);
    expect((await sandbox.calls()).length).toBe(logged + 1);
  });

  test('the seed of a reset survives kill -9', async () => {
    await sandbox.admin('POST', '/admin/reset', { seed: 'kept' });
    const before = await answersFor(10);
    await sandbox.end('SIGKILL');
    sandbox = await SandboxProcess.start(logFile);
    expect(await answersFor(10)).toEqual(before);
  });

  test.each([
    ['PUT', '/admin/latency', { provider: 'lusha', p50Ms: 10, p99Ms: 5 }, '/p99Ms'],
    ['PUT', '/admin/limits', { provider: 'slack', requestsPerSecond: 1 }, '/provider'],
    ['PUT', '/admin/clock', { rate: 0 }, '/rate'],
    ['POST', '/admin/reset', {}, '/seed'],
    ['GET', '/admin/answers?provider=lusha&entityType=company', undefined, '/key'],
  ])('%s %s refuses %j and names the field', async (method, path, body, pointer) => {
    const response = await sandbox.admin(method, path, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe('the process', () => {
  test('ends with 0 on SIGTERM, even while a call hangs', async () => {
    const own = await SandboxProcess.start(SandboxProcess.newLogFile());
    await own.admin('PUT', '/admin/faults', [{ provider: 'lusha', fault: 'hang' }]);
    const hanging = expect(own.lusha(['Acme'])).rejects.toThrow();
    while ((await own.calls()).length === 0);
    expect(await own.end('SIGTERM')).toBe(0);
    await hanging;
  });

  test('ends with 1 when a variable is missing', async () => {
    await expect(SandboxProcess.start(SandboxProcess.newLogFile(), { SANDBOX_ADMIN_KEY: '' })).rejects.toThrow('ended');
  });
});
