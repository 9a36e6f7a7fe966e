import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ProcessSpec } from '../process/running-process.js';

const run = promisify(execFile);
const UNPRIVILEGED_ACCOUNTS = ['postgres', 'nobody'];

/** A user and group of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that Postgres runs under: Postgres refuses to run as root, so root lends it an unprivileged one, the owner
 * of an existing data directory first. Undefined for everybody else, who run it under their own account.
 *
 * @throws when root has no unprivileged account to lend.
 */
export async function serverAccount(dataDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of UNPRIVILEGED_ACCOUNTS) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      continue;
    }
  }
  throw new Error(
    'Postgres does not run as root, and this machine has no account "postgres" or "nobody" to run it under. ' +
      'Start as another user, or create one: useradd --system postgres',
  );
}

/**
 * Gives the directory itself to the account; what Postgres puts into it belongs to that account by itself.
 */
export async function giveTo(account: Account | undefined, directory: string): Promise<void> {
  if (account) await chown(directory, account.uid, account.gid);
}

/**
 * Makes a Postgres program run under the account. A checkout or a data directory often lies below a directory that only
 * root may enter (`/root`, `mktemp -d`): then the program keeps root's right to pass such directories, and that alone.
 */
export async function underAccount(
  account: Account | undefined,
  dataDir: string,
  spec: ProcessSpec,
): Promise<ProcessSpec> {
  if (!account) return spec;
  if (await canReach(account, spec.command, dataDir)) return { ...spec, account };
  const capability = '+dac_override';
  const asAccount = ['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups'];
  const keep = ['--inh-caps', capability, '--ambient-caps', capability];
  return { ...spec, command: 'setpriv', args: [...asAccount, ...keep, '--', spec.command, ...spec.args] };
}

async function canReach(account: Account, program: string, dataDir: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$1" && test -w "$2"', 'sh', program, dataDir], { ...account, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
