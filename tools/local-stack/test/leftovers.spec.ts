import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readStack, startChild, waitUntil } from '../src/index.js';
import { identify } from '../src/process/process-identity.js';
import { writeJson } from '../src/stack/json-file.js';
import { endLeftovers, recordState } from '../src/stack/stack-state.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const status = { name: 'api', port: 1, url: 'http://127.0.0.1:1', restarts: 0, healthy: true };
const IDLE = ['-e', 'setInterval(() => {}, 1000)'];
const GONE = { pid: 1, startedAt: 'another life' };

describe('what a killed supervisor leaves', () => {
  let directory: string;
  let state: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    state = join(directory, 'stack.json');
  });

  test('is ended by the next start, if it is still the process that was written down', async () => {
    const ours = spawn(process.execPath, IDLE, { detached: true });
    const reused = spawn(process.execPath, IDLE, { detached: true });
    writeJson(state, {
      supervisor: GONE,
      processes: [
        { ...status, pid: ours.pid, startedAt: identify(ours.pid ?? 0)?.startedAt },
        { ...status, name: 'other', pid: reused.pid, startedAt: 'before its id was reused' },
      ],
    });
    expect(await endLeftovers(state)).toEqual(['api']);
    expect(identify(ours.pid ?? 0)).toBeUndefined();
    expect(identify(reused.pid ?? 0)).toBeDefined();
    reused.kill('SIGKILL');
    await once(reused, 'exit');
  });

  test('is not touched while the supervisor lives', async () => {
    const child = await startChild({ command: process.execPath, args: IDLE, env: {} });
    recordState(state, [{ ...status, pid: child.pid }]);
    expect(await endLeftovers(state)).toEqual([]);
    expect(readStack(directory)).toEqual([{ ...status, pid: child.pid }]);
    await child.stop();
    expect(readStack(directory)).toEqual([{ ...status, pid: null, healthy: false }]);
  });

  test('is not a running stack', () => {
    writeJson(state, { supervisor: GONE, processes: [] });
    expect(readStack(directory)).toBeUndefined();
    expect(readStack(join(directory, 'never-started'))).toBeUndefined();
  });

  test('ends by itself, too, when the supervisor is killed', async () => {
    const module = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
    const script = `
      const { startChild } = await import(${module});
      const child = await startChild({ command: process.execPath, args: ${JSON.stringify(IDLE)}, env: {} });
      process.stdout.write(String(child.pid)); // console.log may colour a number
    `;
    const supervisor = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    await waitUntil(() => identify(pid) !== undefined, { what: 'the child to be there' });
    supervisor.kill('SIGKILL');
    await waitUntil(() => identify(pid) === undefined, { what: 'the child to end' });
  });
});
