import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this file belongs to. */
export const REPOSITORY_DIRECTORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where the stack keeps what. */
export interface StackHome {
  /** `.uno`, or `UNO_HOME`. */
  readonly directory: string;
  /** Held while a supervisor runs. */
  readonly lock: string;
  /** Who runs now; read by `readStack`. */
  readonly state: string;
  /** What a client of this stack needs to know, keys included. */
  readonly credentials: string;
  readonly logs: string;
  /** Databases and generated keys; thrown away after an ephemeral run. */
  readonly data: string;
  readonly secrets: string;
  readonly postgres: string;
  readonly temporalFile: string;
  readonly sandboxLog: string;
}

/** The directory of the stack's state: `UNO_HOME`, else `.uno` in the checkout. */
export function homeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['UNO_HOME'] || join(REPOSITORY_DIRECTORY, '.uno'));
}

/**
 * @param data another place for databases and generated keys, for a run that keeps nothing.
 */
export function stackHome(directory: string, data = directory): StackHome {
  return {
    directory,
    lock: join(directory, 'stack.lock'),
    state: join(directory, 'stack.json'),
    credentials: join(directory, 'credentials.json'),
    logs: join(directory, 'logs'),
    data,
    secrets: join(data, 'secrets.json'),
    postgres: join(data, 'postgres'),
    temporalFile: join(data, 'temporal.db'),
    sandboxLog: join(data, 'provider-sandbox', 'calls.jsonl'),
  };
}
