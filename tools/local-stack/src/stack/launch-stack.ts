import { join } from 'node:path';
import { type RunningProcess, startChild } from '../process/running-process.js';
import { waitUntil } from '../wait-until.js';
import { readWorkers } from './workers.js';

/** The first start of a machine may have to build the Temporal CLI. */
const UP_WITHIN_MS = 540_000;
const PAGE_ADDRESS = /http:\/\/\S+\/#key=\S+/;

/** What a developer's shell may export and would lead the stack elsewhere, beside the accounts of providers. */
const NOT_INHERITED = [
  ...['DATABASE_URL', 'DATABASE_ADMIN_URL', 'BILLING_DATABASE_URL', 'BILLING_DATABASE_ADMIN_URL', 'BILLING_URL'],
  ...['BILLING_KEY', 'TEMPORAL_ADDRESS', 'npm_lifecycle_event'],
];

export interface LaunchOptions {
  /** The checkout whose build is started. */
  readonly repository: string;
  /** `UNO_HOME`: state and logs. */
  readonly home: string;
  /** `UNO_PORT_BASE`. */
  readonly portBase: number | string;
  /** Variables that differ from the product's defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Further arguments of `npm start`. */
  readonly args?: readonly string[];
  /** Called with each line that it prints. */
  readonly onLine?: (line: string) => void;
}

export interface LaunchedStack {
  readonly process: RunningProcess;
  /** The address of the page with its key, as it was printed; undefined when the stack did not come up. */
  readonly pageAddress: string | undefined;
}

/** Starts a stack as a person would with `npm start`, without a build, and resolves when it is up or has ended. */
export async function launchStack(options: LaunchOptions): Promise<LaunchedStack> {
  const { repository, home, portBase, settings, args = [], onLine } = options;
  const accounts = readWorkers(join(repository, 'apps'))
    .flatMap(({ providers }) => providers.map((provider) => provider.toUpperCase()))
    .flatMap((prefix) => [`${prefix}_URL`, `${prefix}_API_KEY`]);
  const foreign = Object.fromEntries([...NOT_INHERITED, ...accounts].map((name) => [name, undefined]));
  const own = { UNO_HOME: home, UNO_PORT_BASE: `${portBase}`, NO_COLOR: '1' };
  const stack = await startChild(
    {
      command: process.execPath,
      args: [join(repository, 'tools', 'local-stack', 'bin', 'start.js'), '--no-build', ...args],
      env: { ...process.env, ...foreign, ...settings, ...own },
      cwd: repository,
    },
    onLine,
  );
  await waitUntil(() => PAGE_ADDRESS.test(stack.output()) || !stack.isRunning(), {
    timeoutMs: UP_WITHIN_MS,
    what: 'the stack to print the address of the page',
  }).catch(() => undefined);
  return { process: stack, pageAddress: PAGE_ADDRESS.exec(stack.output())?.[0] };
}
