import { spawn } from 'node:child_process';

const GRACE_SECONDS = 8;

/**
 * Ends a process when this one dies, however it dies. A small shell waits for the end of a pipe that only this process
 * holds open; SIGKILL closes it as surely as a clean exit.
 *
 * @returns a function that calls the guard off; call it as soon as the process has ended, before its id can be reused.
 */
export function endWithParent(pid: number, signal: NodeJS.Signals): () => void {
  const script = `read -r _; kill -s ${signal.slice(3)} ${pid} && sleep ${GRACE_SECONDS} && kill -s KILL -- -${pid}`;
  const guard = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: process.env,
  });
  guard.unref();
  guard.once('error', () => undefined);
  return () => void guard.kill('SIGKILL');
}
