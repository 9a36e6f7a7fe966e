import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithParent } from './end-with-parent.js';

const OUTPUT_KEPT_CHARACTERS = 64_000;
const DRAIN_MS = 500;

/** What to run and how it likes to be ended. */
export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process, nothing is inherited. Undefined values are left out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Account to run under; only root may give another one than its own. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** The signal that asks for a clean end (default SIGTERM). */
  readonly stopSignal?: NodeJS.Signals;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started process with its collected output. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves (never rejects) when the process is gone. */
  readonly exited: Promise<ProcessExit>;
  /** Whether it has not ended yet. */
  isRunning(): boolean;
  /** The last 64,000 characters of both output streams. */
  output(): string;
  /** Sends a signal to the process alone and waits for nothing. A process that is gone is left alone. */
  signal(signal: NodeJS.Signals): void;
  /** Asks for a clean end and kills the process group when it is still there after `graceMs` (default 8,000). */
  stop(graceMs?: number): Promise<ProcessExit>;
}

/**
 * Starts a process in a group of its own, so that a Ctrl-C in the terminal reaches only its parent, which then ends it
 * in order. When the parent dies without doing so, even by SIGKILL, the process is ended too.
 *
 * @throws when the program cannot be started, naming it.
 */
export async function startChild(spec: ProcessSpec, onLine?: (line: string) => void): Promise<RunningProcess> {
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.account,
  });
  let running = true;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      // Its last lines may still be in the pipes; a grandchild can hold these open for ever.
      const resolveNow = (): void => resolve({ code, signal });
      child.once('close', resolveNow);
      setTimeout(resolveNow, DRAIN_MS).unref();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      running = false;
      reject(new Error(`Cannot start ${spec.command}: ${error.message}`, { cause: error }));
    });
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`Cannot start ${spec.command}`);
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  const release = endWithParent(pid, stopSignal);
  void exited.then(release);

  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output = `${output}${line}\n`.slice(-OUTPUT_KEPT_CHARACTERS);
      onLine?.(line);
    });
  }

  return {
    pid,
    exited,
    isRunning: () => running,
    output: () => output,
    signal: (signal) => void (running && child.kill(signal)),
    async stop(graceMs = 8_000) {
      if (running) child.kill(stopSignal);
      const timer = setTimeout(() => killGroup(pid), graceMs);
      const exit = await exited;
      clearTimeout(timer);
      killGroup(pid);
      return exit;
    },
  };
}

/**
 * Kills whatever is left in the process group that `pid` leads; a group that is gone is fine.
 */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // macOS answers EPERM for a group of which only zombies are left.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
