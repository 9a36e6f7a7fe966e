import { readFile, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../wait-until.js';

const POSTMASTER_STOP_MS = 10_000;
const BACKEND_EXIT_MS = 5_000;

/**
 * Prepares a data directory whose last server may have been killed: a postmaster that nobody supervises any more is
 * stopped, backends that outlived theirs are ended (they hold the shared memory that the next server needs), and a stale
 * `postmaster.pid` is removed, since its process id may belong to somebody else by now. Only processes that work in this
 * very directory are touched. Where the system has no `/proc`, Postgres' own checks decide.
 */
export async function endLeftoverServer(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const recorded = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!recorded) return;
  const first = await processesIn(dataDir);
  if (first === undefined) return;
  if (first.includes(recorded)) {
    signalAll([recorded], 'SIGINT');
    await gone(dataDir, POSTMASTER_STOP_MS).catch(() => signalAll([recorded], 'SIGKILL'));
  }
  await gone(dataDir, BACKEND_EXIT_MS).catch(async () => {
    signalAll((await processesIn(dataDir)) ?? [], 'SIGKILL');
    await gone(dataDir, BACKEND_EXIT_MS);
  });
  await rm(pidFile, { force: true });
}

function gone(dataDir: string, timeoutMs: number): Promise<boolean> {
  return waitUntil(async () => (await processesIn(dataDir))?.length === 0, {
    timeoutMs,
    what: `the former Postgres server in ${dataDir} to end`,
  });
}

/** Postgres processes whose working directory is the data directory; undefined where that cannot be told. */
async function processesIn(dataDir: string): Promise<number[] | undefined> {
  const directory = await realpath(dataDir);
  const entries = await readdir('/proc').catch(() => undefined);
  if (entries === undefined) return undefined;
  const found: number[] = [];
  for (const pid of entries.filter((entry) => /^\d+$/.test(entry))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (cwd !== directory) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'postgres') found.push(Number(pid));
  }
  return found;
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
