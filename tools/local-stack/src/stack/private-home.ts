import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { StackError } from './stack-error.js';

const OWNER_ONLY = 0o700;
/** Everything that this process and its children make from now on is for its owner only. */
const REST = 0o077;
const STICKY = 0o1000;

/**
 * Makes the directory of a stack's state, or closes the one of an earlier version, for its owner only: keys, databases, and in
 * logs what providers were asked about people.
 *
 * @throws StackError for a directory that everybody shares, such as `/tmp`: closing it would lock others out.
 */
export function makePrivate(directory: string): void {
  process.umask(REST);
  mkdirSync(directory, { recursive: true });
  if (statSync(directory).mode & STICKY) {
    throw new StackError(
      `${directory} is shared by everybody on this machine; let UNO_HOME name a directory of the stack's own`,
    );
  }
  chmodSync(directory, OWNER_ONLY);
}
