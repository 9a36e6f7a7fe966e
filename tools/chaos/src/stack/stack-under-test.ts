import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Credentials,
  launchStack,
  readCredentials,
  readStack,
  type RunningProcess,
  waitUntil,
} from '@uno/local-stack';
import type { Target } from '../plan/run-plan.js';
import { childrenOf, signal } from './processes.js';

const HEALTHY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 15_000;

export interface StackOptions {
  /** `UNO_HOME`: state and logs. */
  readonly home: string;
  /** `UNO_PORT_BASE`. */
  readonly portBase: number;
  /** Checkout that is started. */
  readonly repository: string;
  /** Settings of the product that differ from its defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real stack, started as `npm start` starts it, in a folder and on ports of its own. */
export class StackUnderTest {
  private command: RunningProcess | undefined;

  constructor(private readonly options: StackOptions) {}

  get home(): string {
    return this.options.home;
  }

  /** Starts it and waits until all of it is up. What an earlier start left unfinished goes on. */
  async start(): Promise<void> {
    const { home, portBase, repository, env } = this.options;
    mkdirSync(home, { recursive: true });
    const log = join(home, 'start.log');
    const onLine = (line: string): void => appendFileSync(log, `${line}\n`);
    const launched = await launchStack({ repository, home, portBase, onLine, ...(env && { settings: env }) });
    this.command = launched.process;
    if (!launched.pageAddress)
      throw new Error(`The stack did not come up:\n${launched.process.output().slice(-3_000)}`);
    await this.untilHealthy();
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.command?.stop(STOPPED_WITHIN_MS);
  }

  /** `kill -9` of everything at once, the supervisor too. Nothing is started again by itself. */
  async killAll(): Promise<void> {
    const { command } = this;
    if (!command) return;
    const pids = readStack(this.home)?.flatMap(({ pid }) => pid ?? []) ?? [];
    const postgres = this.pidOf('postgres');
    const backends = postgres === undefined ? [] : childrenOf(postgres);
    for (const pid of [command.pid, ...pids, ...backends]) signal(pid, 'SIGKILL');
    await command.exited;
  }

  isRunning(): boolean {
    return this.command?.isRunning() ?? false;
  }

  /** Undefined while the process is down. */
  pidOf(name: Target): number | undefined {
    return readStack(this.home)?.find((status) => status.name === name)?.pid ?? undefined;
  }

  isHealthy(): boolean {
    const processes = readStack(this.home);
    return processes !== undefined && processes.length > 0 && processes.every(({ healthy }) => healthy);
  }

  /** Names of the processes that cannot do their work now. */
  unhealthy(): string[] {
    return readStack(this.home)?.flatMap(({ name, healthy }) => (healthy ? [] : [name])) ?? ['the supervisor'];
  }

  /** @throws WaitTimeoutError when a process is not healthy after two minutes. */
  async untilHealthy(): Promise<void> {
    await waitUntil(() => this.isHealthy(), { timeoutMs: HEALTHY_WITHIN_MS, what: 'all processes to be healthy' });
  }

  credentials(): Credentials {
    return readCredentials(this.home);
  }
}
