import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { acquireTemporalServer, startTemporalOnPostgres, type TemporalServer } from '@uno/local-stack';
import { companies } from '../src/companies.js';
import { query } from '../src/database.js';
import { type SomebodyElsesPostgres, somebodyElsesPostgres } from '../src/somebody-elses-postgres.js';
import { E2E_HOME, E2E_NO_TEMPORAL_SERVER, readCredentials, REPOSITORY } from '../src/stack-home.js';
import { endStack, startOwnStack, type RunningStack } from '../src/stack-under-test.js';
import { withTemporal, workflowsOf } from '../src/temporal.js';
import { Workspace } from '../src/workspace.js';

const ROWS = 10;
const NAMESPACE = 'shop';
const PREPARE = join(REPOSITORY, 'tools', 'local-stack', 'bin', 'prepare-servers.js');

const noTemporal = process.env[E2E_NO_TEMPORAL_SERVER];
if (noTemporal) process.stderr.write(`Skipped: a Temporal server of somebody else, because ${noTemporal}\n`);

describe('a stack on servers of somebody else', () => {
  let postgres: SomebodyElsesPostgres;
  let temporal: TemporalServer | undefined;
  let stack: RunningStack | undefined;
  const sharedHome = process.env[E2E_HOME];

  beforeAll(async () => void (postgres = await somebodyElsesPostgres()));
  afterAll(async () => {
    process.env[E2E_HOME] = sharedHome;
    await temporal?.stop();
    await postgres.stop();
  });
  afterEach(async () => {
    if (stack?.process.isRunning()) await stack.process.stop();
  });

  /** `npm run prepare-servers` as a person runs it. */
  async function prepare(variables: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [PREPARE, '--no-build'], { env: { ...process.env, ...variables } });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { code, said: stdout + stderr };
  }

  async function start(variables: Readonly<Record<string, string>>, ...args: string[]): Promise<RunningStack> {
    stack = await startOwnStack(variables, ...args);
    process.env[E2E_HOME] = stack.home;
    return stack;
  }

  async function stop(): Promise<void> {
    if (!stack) throw new Error('No stack runs');
    expect(stack.process.output()).not.toMatch(/(app|owner|billing)-password/);
    await endStack(stack);
  }

  /** The Temporal server that clusters run, with a namespace of its own; none where there is no such server. */
  async function somebodyElsesTemporal(): Promise<Readonly<Record<string, string>>> {
    if (noTemporal) return {};
    const programs = await acquireTemporalServer();
    temporal = await startTemporalOnPostgres({ programs, postgresUrl: postgres.server.adminUrl });
    return { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: NAMESPACE };
  }

  test('does not start before they are prepared, and names the command', async () => {
    const { process: refused } = await start(postgres.variables);
    expect(await refused.exited).toMatchObject({ code: 1 });
    expect(refused.output()).toMatch(/^DATABASE_URL: .+ Prepare the server once: npm run prepare-servers$/m);
    expect(refused.output()).not.toContain('    at ');
  });

  test('fills a list, and leaves the servers and all data there when it stops, also one that keeps nothing', async () => {
    const address = await somebodyElsesTemporal();
    const { DATABASE_URL, BILLING_DATABASE_URL, DATABASE_ADMIN_URL, BILLING_DATABASE_ADMIN_URL } = postgres.variables;
    const everything = { ...postgres.variables, ...address };
    expect(await prepare(everything)).toMatchObject({
      code: 0,
      said: expect.stringContaining(temporal ? `TEMPORAL_ADDRESS: ready; made the namespace ${NAMESPACE}\n` : ''),
    });
    const prepared = ['DATABASE_URL', 'BILLING_DATABASE_URL', ...(temporal ? ['TEMPORAL_ADDRESS'] : [])];
    expect(await prepare(everything)).toEqual({
      code: 0,
      said: prepared.map((variable) => `${variable}: ready; nothing had to be done\n`).join(''),
    });

    await start({ DATABASE_URL, BILLING_DATABASE_URL, ...address }, '--ephemeral');
    expect(readCredentials()).toMatchObject({ databaseUrl: DATABASE_URL, billingDatabaseUrl: BILLING_DATABASE_URL });
    const workspace = await Workspace.create('Own servers', 100);
    const { list, columns } = await workspace.companies(companies(ROWS), ['industry']);
    const { id } = await workspace.fill(list.id, columns);
    const job = await workspace.finalJob(id);
    expect(job).toMatchObject({ state: 'completed', totals: { cells: ROWS, open: 0, pending: 0 } });
    expect(await workspace.books(id)).toMatchObject({ closed: true, differences: [] });
    if (temporal) expect(readCredentials().temporalAddress).toBe(temporal.address);
    const runs = await withTemporal((client) => workflowsOf(client, id));
    expect(runs.map(({ workflowId }) => workflowId)).toContain(`job:${id}`);
    await stop();

    if (temporal) expect(temporal.process.isRunning()).toBe(true);
    expect(await query(DATABASE_ADMIN_URL, 'select id, state from job')).toEqual([{ id, state: 'completed' }]);
    const [paid] = await query(BILLING_DATABASE_ADMIN_URL, 'select sum(spent)::int as spent from account');
    expect(paid).toEqual({ spent: job.totals.filled });
  });
});
