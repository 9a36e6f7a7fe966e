import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sleep } from '../wait-until.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

const RETRY_MS = 200;

/** A lock that was got, or the process that holds it. */
export type LockAttempt =
  { readonly held: true; release(): Promise<void> } | { readonly held: false; readonly holderPid: number };

/**
 * Tries once to get a lock file. A lock whose process is dead is taken over.
 */
export async function tryFileLock(path: string): Promise<LockAttempt> {
  await mkdir(dirname(path), { recursive: true });
  const content = JSON.stringify({ ...identify(process.pid), token: randomUUID() });
  for (;;) {
    if (await tryCreate(path, content)) return { held: true, release: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (!holder) continue;
    if (isAlive(holder.identity)) return { held: false, holderPid: holder.identity.pid };
    await removeStale(path, holder.content);
  }
}

/**
 * Runs `work` while holding a lock file, so that of several processes one at a time does. A lock whose process is dead is
 * taken over.
 *
 * @param onWait called once, with the id of the process that holds the lock, when this one has to wait.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (holderPid: number) => void,
): Promise<T> {
  let lock = await tryFileLock(path);
  if (!lock.held) onWait?.(lock.holderPid);
  while (!lock.held) {
    await sleep(RETRY_MS);
    lock = await tryFileLock(path);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** A link appears with its content or not at all, unlike a file that is created and then written. */
async function tryCreate(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<{ identity: ProcessIdentity; content: string } | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content === undefined ? undefined : { identity: JSON.parse(content) as ProcessIdentity, content };
}

/** Another waiter may have taken over in the meantime: then its lock was moved, and is put back. */
async function removeStale(path: string, staleContent: string): Promise<void> {
  const moved = `${path}.${randomUUID()}`;
  try {
    await rename(path, moved);
  } catch {
    return;
  }
  if ((await readFile(moved, 'utf8')) !== staleContent) await link(moved, path).catch(() => undefined);
  await rm(moved, { force: true });
}
