import { sleep } from '../wait-until.js';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** How a client hears that the other side died, is not up yet, or is on its way down. */
const AWAY_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_\w+|08\w{3}|57P\d\d)$/;
const AWAY_MESSAGES =
  /Connection terminated|not queryable|connection timeout|timeout expired|fetch failed|aborted due to timeout/i;

/**
 * Does something that needs supervised processes, again when one of them was away meanwhile: the supervisor brings it back.
 *
 * @param work must be idempotent.
 * @throws what `work` throws otherwise; the last error when the process is still away after a minute.
 */
export async function outliveRestarts<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
    }
  }
}

/** Whether an error, or what caused it, says that a server is away just now. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, status } = error as { code?: unknown; status?: unknown };
  const byCode = typeof code === 'string' && AWAY_CODES.test(code);
  const byStatus = typeof status === 'number' && status >= 500;
  return byCode || byStatus || AWAY_MESSAGES.test(error.message) || isAway(error.cause);
}
