import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CliEnvironment } from './cli-environment.js';
import { CommandFailure } from './failures.js';

/** What reaches the API as a user. */
export interface ApiCredentials {
  readonly url: string;
  readonly apiKey: string;
}

/** What the local stack writes for its operator; every field may be missing in an older file. */
export interface StackCredentials {
  readonly url?: string;
  readonly apiKey?: string;
  readonly workspaceId?: string;
  readonly operatorKey?: string;
  readonly billingUrl?: string;
  readonly billingKey?: string;
}

const EXAMPLE_URL = 'http://127.0.0.1:3000';
/** What fits into a header: visible ASCII. */
const SENDABLE_KEY = /^[\x21-\x7e]+$/;
const HOW_TO_GET_A_KEY = 'Start the local stack with: npm start – or set UNO_URL and UNO_API_KEY.';

/** URL and key: `UNO_URL` and `UNO_API_KEY` win over the file of the local stack, one by one. */
export function findApiCredentials({ env, cwd }: CliEnvironment): ApiCredentials {
  const stack = readStackCredentials({ env, cwd });
  const url = env['UNO_URL'] || stack?.url;
  const apiKey = env['UNO_API_KEY'] || stack?.apiKey;
  if (!url || !apiKey) {
    const missing = url ? 'No API key is known' : 'No server is known';
    throw new CommandFailure(`${missing}. ${HOW_TO_GET_A_KEY}`, 'no_credentials');
  }
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new CommandFailure(
      `"${url}" is no address of a server. Set UNO_URL to one such as ${EXAMPLE_URL}`,
      'bad_url',
    );
  }
  if (!SENDABLE_KEY.test(apiKey)) {
    throw new CommandFailure(
      `The API key has characters that no key has. ${whereTheKeyIsFrom({ env, cwd })}`,
      'bad_key',
    );
  }
  return { url: url.replace(/\/+$/, ''), apiKey };
}

/** Where a person looks when the key is refused. */
export function whereTheKeyIsFrom({ env, cwd }: Pick<CliEnvironment, 'env' | 'cwd'>): string {
  if (env['UNO_API_KEY']) return 'Check UNO_API_KEY.';
  return `The key is from ${join(findStackHome({ env, cwd }) ?? '.uno', 'credentials.json')}: is it of the stack that runs?`;
}

/** The named fields of the local stack's file; a command for operators cannot do without them. */
export function requireStackCredentials<Field extends keyof StackCredentials>(
  environment: CliEnvironment,
  ...fields: readonly Field[]
): Record<Field, string> {
  const stack = readStackCredentials(environment);
  const missing = fields.filter((field) => stack?.[field] === undefined);
  if (stack === undefined || missing.length > 0) {
    const what = stack === undefined ? 'no .uno/credentials.json was found' : `it lacks ${missing.join(', ')}`;
    throw new CommandFailure(
      `This needs the operator of a local stack: ${what}. Start it with: npm start`,
      'no_credentials',
    );
  }
  return stack as Record<Field, string>;
}

/** Folder of the local stack's state: `UNO_HOME`, else the first `.uno` with credentials from `cwd` upwards. */
export function findStackHome({ env, cwd }: Pick<CliEnvironment, 'env' | 'cwd'>): string | undefined {
  const home = env['UNO_HOME'];
  if (home !== undefined && home !== '') return resolve(cwd, home);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.uno', 'credentials.json'))) return join(folder, '.uno');
    if (folder === dirname(folder)) return undefined;
  }
}

function readStackCredentials(where: Pick<CliEnvironment, 'env' | 'cwd'>): StackCredentials | undefined {
  const home = findStackHome(where);
  if (home === undefined) return undefined;
  const file = join(home, 'credentials.json');
  if (!existsSync(file)) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw unusable(file);
  }
  if (typeof read !== 'object' || read === null) throw unusable(file);
  if (Object.values(read).some((value) => typeof value !== 'string')) throw unusable(file);
  return read as StackCredentials;
}

function unusable(file: string): CommandFailure {
  const remedy = 'Stop the local stack and start it again.';
  return new CommandFailure(`${file} cannot be read as the credentials of a stack. ${remedy}`, 'no_credentials');
}
