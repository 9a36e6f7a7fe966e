import { type ProcessExit, startChild, waitUntil } from '@uno/local-stack';

const READY_TIMEOUT_MS = 60_000;

/** A process under test and how to tell that it is ready. */
export interface StartProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the environment of the tests; an undefined value takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ready when this address answers with a 2xx status. */
  readonly readyUrl?: string;
  /** Ready when a line of its output holds this text or matches this pattern. */
  readonly readyLine?: string | RegExp;
  /** How long it may take to get ready, in milliseconds (default 60,000). */
  readonly timeoutMs?: number;
}

/** A process under test. */
export interface TestProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** What it has written to both streams (the last 64,000 characters). */
  output(): string;
  /** Sends the signal (default SIGTERM) and waits until the process is gone, killing it after 30 s. */
  kill(signal?: NodeJS.Signals): Promise<ProcessExit>;
}

/**
 * Starts a real process and resolves when it is ready. It ends with the tests even if they forget it.
 *
 * @throws with its output when it ends or stays silent before it is ready.
 */
export async function startProcess(options: StartProcessOptions): Promise<TestProcess> {
  const child = await startChild({
    command: options.command,
    args: options.args ?? [],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const ready = async (): Promise<boolean> => {
    if (!child.isRunning()) return true;
    if (options.readyLine !== undefined && !mentions(child.output(), options.readyLine)) return false;
    return options.readyUrl === undefined || (await fetch(options.readyUrl, { signal: AbortSignal.timeout(2_000) })).ok;
  };
  try {
    await waitUntil(ready, {
      timeoutMs: options.timeoutMs ?? READY_TIMEOUT_MS,
      what: `${options.command} to be ready`,
    });
    if (!child.isRunning()) throw new Error(`${options.command} ended before it was ready`);
  } catch (error) {
    await child.stop();
    throw new Error(`${(error as Error).message}. Its output:\n${child.output()}`, { cause: error });
  }
  return {
    pid: child.pid,
    exited: child.exited,
    output: () => child.output(),
    kill: (signal = 'SIGTERM') => {
      child.signal(signal);
      return child.stop(30_000);
    },
  };
}

function mentions(output: string, line: string | RegExp): boolean {
  return typeof line === 'string' ? output.includes(line) : output.split('\n').some((each) => line.test(each));
}
