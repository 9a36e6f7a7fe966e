import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ANSWER_TIMEOUT_MS = 15_000;

/** Whether containers can run here; a client may be on the PATH without an engine behind it. */
export type Docker = { readonly works: true } | { readonly works: false; readonly reason: string };

/** Asks `docker info`. */
export async function dockerInfo(): Promise<Docker> {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: ANSWER_TIMEOUT_MS });
    return { works: true };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const lines = (stderr || message).trim().split('\n');
    return { works: false, reason: lines.at(-1) ?? '' };
  }
}
