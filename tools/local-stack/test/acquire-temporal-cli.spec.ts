import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { acquireTemporalCli, sleep } from '../src/index.js';
import { temporaryDirectory } from './support/temporary-directory.js';

describe('the Temporal CLI', () => {
  let home: string;

  beforeEach(async () => void (home = await temporaryDirectory()));

  async function program(path: string, version: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho "temporal version ${version} (Server 1.31.2, UI 2.50.1)"\n`);
    await chmod(path, 0o755);
    return path;
  }

  function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
    return { HOME: home, PATH: '/usr/bin:/bin', ...extra };
  }

  const unreachable = async (): Promise<void> => {
    throw new Error('the vendor is not reachable');
  };
  const onProgress = (): void => undefined;

  test('is the one that TEMPORAL_CLI_PATH names; one that does not work is an error, not a detour', async () => {
    const chosen = await program(join(home, 'mine'), '1.8.0');
    await expect(acquireTemporalCli({ env: environment({ TEMPORAL_CLI_PATH: chosen }) })).resolves.toBe(chosen);
    const env = environment({ TEMPORAL_CLI_PATH: join(home, 'missing') });
    await expect(acquireTemporalCli({ env })).rejects.toThrow('TEMPORAL_CLI_PATH is set, but cannot be used');
  });

  test('is the one on the PATH if it is new enough', async () => {
    const old = dirname(await program(join(home, 'old', 'temporal'), '1.0.0'));
    const recent = await program(join(home, 'new', 'temporal'), '1.8.2');
    const env = environment({ PATH: `${old}:${dirname(recent)}:/usr/bin:/bin` });
    await expect(acquireTemporalCli({ env })).resolves.toBe(recent);
  });

  test('is built once for two checkouts that need it at the same time, and then kept', async () => {
    let builds = 0;
    const build = async (target: string): Promise<void> => {
      builds += 1;
      await sleep(300);
      await program(target, '1.8.2');
    };
    const options = { env: environment(), onProgress, producers: [unreachable, build] };
    const paths = await Promise.all([acquireTemporalCli(options), acquireTemporalCli(options)]);
    await acquireTemporalCli(options);
    expect(builds).toBe(1);
    expect(new Set(paths)).toEqual(new Set([join(home, '.cache/uno-orchestrator/temporal-1.8.2/temporal')]));
    expect(await readdir(dirname(paths[0] ?? ''))).toEqual(['temporal']);
  });

  test('is built by this process when the one that began to build it has died', async () => {
    const directory = join(home, '.cache/uno-orchestrator/temporal-1.8.2');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'temporal.lock'), JSON.stringify({ pid: process.pid, startedAt: 'another life' }));
    const build = async (target: string): Promise<void> => void (await program(target, '1.8.2'));
    const path = await acquireTemporalCli({ env: environment(), onProgress, producers: [build] });
    expect(path).toBe(join(directory, 'temporal'));
    expect(await readdir(directory)).toEqual(['temporal']);
  });

  test('that cannot be had is an error with every reason and what to do', async () => {
    const noGo = async (): Promise<void> => {
      throw new Error('Cannot start go: spawn go ENOENT');
    };
    const attempt = acquireTemporalCli({ env: environment(), onProgress, producers: [unreachable, noGo] });
    await expect(attempt).rejects.toThrow(
      /- the vendor is not reachable\n- Cannot start go: spawn go ENOENT\nDo one of these[^]+TEMPORAL_CLI_PATH[^]+install Go/,
    );
  });
});
