import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, waitUntil } from '../src/index.js';
import { Supervisor } from '../src/supervisor/supervisor.js';
import { identify } from '../src/process/process-identity.js';
import { fakeService } from './support/fake-service.js';

describe('the supervisor', () => {
  const notices: string[] = [];
  const lines: string[] = [];
  let supervisor: Supervisor;

  const begin = (): Supervisor => {
    notices.length = 0;
    supervisor = new Supervisor({
      line: (_name, line) => void lines.push(line),
      notice: (name, message) => void notices.push(`${name} ${message}`),
      changed: () => undefined,
    });
    return supervisor;
  };
  afterEach(() => supervisor.stop());

  test('starts a killed process again, with a new id and its restarts counted', async () => {
    begin();
    await supervisor.startGroup({ services: [fakeService('api', await freePort())], graceMs: 2_000 });
    const [before] = supervisor.statuses();
    expect(before).toMatchObject({ name: 'api', restarts: 0, healthy: true });
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const after = await waitUntil(() =>
      supervisor.statuses().find(({ restarts, healthy }) => restarts === 1 && healthy),
    );
    expect(after.pid).not.toBe(before?.pid);
    expect(notices).toEqual(['api ended unexpectedly (signal SIGKILL)', 'api starting again in 250 ms']);
  });

  test('gives up on a process that keeps ending before it is ready, with its last lines', async () => {
    begin();
    const broken = fakeService('billing', 1, { script: `console.error('BILLING_KEY is missing'); process.exit(2)` });
    await expect(supervisor.startGroup({ services: [broken], graceMs: 1_000 })).rejects.toThrow(
      /billing keeps ending before it is ready\. Its last lines:\nBILLING_KEY is missing/,
    );
  });

  test('goes on without a process that it can do without, and says why', async () => {
    begin();
    const broken = fakeService('late-worker', 1, { script: `console.error('LATE_KEY is missing'); process.exit(2)` });
    const sound = fakeService('early-worker', await freePort());
    await supervisor.startGroup({ services: [broken, sound], graceMs: 1_000, mayLag: true });
    expect(supervisor.statuses()).toMatchObject([{ name: 'late-worker', healthy: false }, { healthy: true }]);
    expect(notices).toContainEqual(expect.stringMatching(/^late-worker holds nobody up: .*LATE_KEY is missing$/s));
  });

  test('leaves nothing alive, not even a process that ignores signals and what that one started', async () => {
    begin();
    const services = [
      fakeService('meek', await freePort()),
      fakeService('stubborn', await freePort(), { stubborn: true }),
    ];
    await supervisor.startGroup({ services, graceMs: 300 });
    const pids = supervisor.statuses().map(({ pid }) => pid ?? 0);
    await supervisor.stop();
    expect(pids.map((pid) => identify(pid))).toEqual([undefined, undefined]);
    const grandchild = Number(lines.find((line) => line.startsWith('child '))?.slice(6));
    await waitUntil(() => identify(grandchild) === undefined, { what: 'the process of a process to end' });
    expect(supervisor.statuses().map(({ pid, healthy }) => ({ pid, healthy }))).toEqual([
      { pid: null, healthy: false },
      { pid: null, healthy: false },
    ]);
  });
});
