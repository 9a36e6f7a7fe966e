import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withFileLock } from '../process/file-lock.js';

/** A way to bring a program, or a folder of programs, to a path, reporting what it does. */
export type ProduceProgram = (target: string, onProgress: (message: string) => void) => Promise<void>;

/** A program that is got once per machine and then kept outside the checkout. */
export interface CachedProgram {
  /** As it stands in messages: "the Temporal CLI". */
  readonly name: string;
  /** Where it is kept: a file or a folder. */
  readonly target: string;
  /** Ways to get it, tried in order. */
  readonly producers: readonly ProduceProgram[];
  /** Refuses what does not work. */
  readonly check: (path: string) => Promise<unknown>;
  /** Receives a line now and then while it downloads or builds (default: standard error). */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** None of the ways to a program worked. */
export class NotProduced extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join('\n'));
  }
}

/** Where programs are kept: `XDG_CACHE_HOME`, else `~/.cache`. */
export function programCache(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'uno-orchestrator');
}

/**
 * Returns the kept program, or gets it first. It appears at its place complete or not at all, and processes that need it
 * at the same time share one download or build.
 *
 * @throws NotProduced with the reason of every way that was tried.
 */
export async function fromCache(program: CachedProgram): Promise<string> {
  const { name, target } = program;
  if (await exists(target)) return target;
  const onProgress = program.onProgress ?? ((message: string) => void process.stderr.write(`${message}\n`));
  await mkdir(dirname(target), { recursive: true });
  return withFileLock(
    `${target}.lock`,
    async () => ((await exists(target)) ? target : produce(program, onProgress)),
    (holderPid) => onProgress(`Waiting for process ${holderPid}, which is getting ${name} …`),
  );
}

async function produce(
  { target, producers, check }: CachedProgram,
  onProgress: (message: string) => void,
): Promise<string> {
  const reasons: string[] = [];
  for (const producer of producers) {
    const draft = `${target}.${randomUUID()}`;
    try {
      await producer(draft, onProgress);
      await chmod(draft, 0o755);
      await check(draft);
      await rename(draft, target);
      return target;
    } catch (error) {
      reasons.push(reasonOf(error));
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  throw new NotProduced(reasons);
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && !message.includes(cause.message) ? `${message} (${cause.message})` : message;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
