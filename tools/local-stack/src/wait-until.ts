/** How often and how long a condition is tried. */
export interface WaitOptions {
  /** Gives up after this many milliseconds (default 30,000). */
  readonly timeoutMs?: number;
  /** Pause between two tries in milliseconds (default 50). */
  readonly intervalMs?: number;
  /** What is waited for, as it appears in the error: "the job to complete". */
  readonly what?: string;
  /** Ends the wait at once with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Thrown by {@link waitUntil} when the condition did not come true in time; `cause` is the last error it threw. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/**
 * Resolves after `ms` milliseconds. The timer keeps the process alive.
 */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Tries `condition` until it gives a truthy value and returns that value. A condition that throws counts as not yet
 * true, so it may simply ask a server that is still starting.
 *
 * @throws WaitTimeoutError after `timeoutMs`, with the last error of the condition as its cause.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<Awaited<T>, null | undefined | false | 0 | ''>> {
  const { timeoutMs = 30_000, intervalMs = 50, what = 'a condition' } = options;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value) return value as Exclude<Awaited<T>, null | undefined | false | 0 | ''>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new WaitTimeoutError(`Waited ${timeoutMs} ms for ${what}${reason}`, { cause: lastError });
    }
    await sleep(intervalMs);
  }
}
