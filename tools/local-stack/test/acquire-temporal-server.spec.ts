import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { acquireTemporalServer } from '../src/index.js';
import { temporaryDirectory } from './support/temporary-directory.js';

describe('the Temporal server that clusters run', () => {
  let home: string;

  beforeEach(async () => void (home = await temporaryDirectory()));

  /** A folder as the vendor's release archive has it. */
  async function release(folder: string, version = '1.31.2'): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const [program, name] of Object.entries({
      'temporal-server': 'temporal',
      'temporal-sql-tool': 'temporal-sql-tool',
    })) {
      await writeFile(join(folder, program), `#!/bin/sh\necho "${name} version ${version}"\n`);
      await chmod(join(folder, program), 0o755);
    }
  }

  const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({
    HOME: home,
    PATH: '/usr/bin:/bin',
    ...extra,
  });
  const onProgress = (): void => undefined;

  test('is the one that TEMPORAL_SERVER_PATH names, if it is new enough', async () => {
    await release(join(home, 'mine'));
    await expect(
      acquireTemporalServer({ env: environment({ TEMPORAL_SERVER_PATH: join(home, 'mine') }) }),
    ).resolves.toEqual({
      server: join(home, 'mine', 'temporal-server'),
      sqlTool: join(home, 'mine', 'temporal-sql-tool'),
    });
    await release(join(home, 'old'), '1.20.0');
    const env = environment({ TEMPORAL_SERVER_PATH: join(home, 'old') });
    await expect(acquireTemporalServer({ env })).rejects.toThrow(
      /TEMPORAL_SERVER_PATH is set.+at least 1\.29\.0 is needed/,
    );
  });

  test('is built once, and both programs appear together', async () => {
    const options = { env: environment(), onProgress, producers: [(target: string) => release(target)] };
    const [first, second] = await Promise.all([acquireTemporalServer(options), acquireTemporalServer(options)]);
    expect(second).toEqual(first);
    const cache = join(home, '.cache/uno-orchestrator');
    expect(first.server).toBe(join(cache, 'temporal-server-1.31.2/temporal-server'));
    expect(await readdir(cache)).toEqual(['temporal-server-1.31.2']);
  });

  test('is missing with the reason where it cannot be built', async () => {
    const noGo = async (): Promise<void> => {
      throw new Error('Cannot start go: spawn go ENOENT');
    };
    await expect(acquireTemporalServer({ env: environment(), onProgress, producers: [noGo] })).rejects.toThrow(
      /^Cannot start go: spawn go ENOENT$/,
    );
  });
});
