import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { type LockAttempt, tryFileLock } from '../process/file-lock.js';
import { addSampleColumns, ensureSampleLists, type SampleColumn } from '../seed/sample-lists.js';
import { ensureWorkspace, registerServiceKeys } from '../seed/seed.js';
import { LogSink } from '../supervisor/log-sink.js';
import { outliveRestarts } from '../supervisor/outlive-restarts.js';
import type { ServiceDefinition } from '../supervisor/service-definition.js';
import { Supervisor } from '../supervisor/supervisor.js';
import { acquireTemporalCli, TemporalCliUnavailable } from '../temporal/acquire-temporal-cli.js';
import { removeCredentials, writeCredentials } from './credentials.js';
import { checkOwnServers, prepareDatabases } from './databases.js';
import type { StackHome } from './home.js';
import { refuseTakenPorts } from './ports.js';
import { applicationTable, serverTable, workerTable } from './process-table.js';
import type { DemoWorkspace } from './secrets.js';
import { type StackSettings, stackSettings } from './settings.js';
import { StackError } from './stack-error.js';
import { endLeftovers, forgetState, recordState } from './stack-state.js';

/** One after another, and together less than the 10 s that a person waits after Ctrl-C. */
const WORKER_GRACE_MS = 3_500;
const APPLICATION_GRACE_MS = 2_500;
const SERVER_GRACE_MS = 3_000;

const LOOK_FOR_SERVICES_EVERY_MS = 1_000;

/** Widest name in the process table. */
const NAME_WIDTH = 'orchestrator-worker'.length;

/** What a stack is started with. */
export interface LocalStackOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly home: StackHome;
  /** Whether its databases and keys are thrown away at the end. */
  readonly ephemeral: boolean;
  readonly terminal: NodeJS.WritableStream & { isTTY?: boolean };
}

/** A stack that is up. */
export interface LocalStack {
  readonly settings: StackSettings;
  readonly workspace: DemoWorkspace;
}

/** All processes of one checkout and what keeps them: state, logs, credentials. */
export class StackRunner {
  private readonly logs: LogSink;
  private readonly supervisor: Supervisor;
  private lock: LockAttempt | undefined;
  private readonly stopping = new AbortController();
  private settings: StackSettings | undefined;

  constructor(private readonly options: LocalStackOptions) {
    this.logs = new LogSink(options.home.logs, options.terminal, NAME_WIDTH);
    this.supervisor = new Supervisor({
      line: (name, line) => this.logs.write(name, line),
      notice: (name, message) => this.logs.write('stack', `${name} ${message}`),
      changed: () => recordState(options.home.state, this.supervisor.statuses()),
    });
  }

  /**
   * Takes the checkout's stack for this process and clears what a killed supervisor left.
   *
   * @throws StackError naming the process that runs it already.
   */
  async takeOver(): Promise<void> {
    const { home } = this.options;
    this.lock = await tryFileLock(home.lock);
    if (!this.lock.held) {
      throw new StackError(
        `This stack is already running as process ${this.lock.holderPid}. Use it as it is, stop it with Ctrl-C there, ` +
          'or start a second one beside it: UNO_HOME=.uno-2 UNO_PORT_BASE=4000 npm start',
      );
    }
    const ended = await endLeftovers(home.state);
    if (ended.length > 0) this.say(`ended what a killed stack had left: ${ended.join(', ')}`);
  }

  /**
   * Brings everything up in order and seeds the demo workspace.
   *
   * @throws StackError when a port is taken, a tool is missing or a process does not come up.
   */
  async start(): Promise<LocalStack> {
    const settings = stackSettings(this.options.env, this.options.home);
    this.settings = settings;
    const applications = applicationTable(settings);
    const workers = workerTable(settings);
    const planned = [
      ...serverTable(settings, settings.temporal.external ? undefined : 'temporal'),
      ...applications,
      ...workers,
    ];
    await refuseTakenPorts(planned.flatMap(portsOf));
    await checkOwnServers(settings);
    const servers = serverTable(settings, settings.temporal.external ? undefined : await this.temporalCli());

    await this.supervisor.startGroup({ services: servers, graceMs: SERVER_GRACE_MS });
    this.say('servers are up, preparing the databases');
    await outliveRestarts(() => prepareDatabases(settings));
    await this.supervisor.startGroup({ services: applications, graceMs: APPLICATION_GRACE_MS });
    await outliveRestarts(() => registerServiceKeys(settings));
    const workspace = await outliveRestarts(() => ensureWorkspace(settings));
    writeCredentials(settings, workspace);
    await this.supervisor.startGroup({ services: workers, graceMs: WORKER_GRACE_MS, mayLag: true });
    const columns = await outliveRestarts(() => ensureSampleLists(settings, workspace));
    const late = await outliveRestarts(() => this.addColumns(workspace, columns));
    void this.addWhenOffered(workspace, late).catch((error: Error) => this.say(`sample columns: ${error.message}`));
    return { settings, workspace };
  }

  private addColumns(workspace: DemoWorkspace, columns: readonly SampleColumn[]): Promise<readonly SampleColumn[]> {
    if (!this.settings) return Promise.resolve([]);
    return addSampleColumns(this.settings, workspace, { columns, say: (message) => this.say(message) });
  }

  /** A service may register at any later time; what is still waiting at the end waits for the next start. */
  private async addWhenOffered(workspace: DemoWorkspace, columns: readonly SampleColumn[]): Promise<void> {
    for (let late = columns; late.length > 0 && !this.stopping.signal.aborted;) {
      await setTimeout(LOOK_FOR_SERVICES_EVERY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      const waiting = late;
      if (!this.stopping.signal.aborted) late = await outliveRestarts(() => this.addColumns(workspace, waiting));
    }
  }

  /** Ends everything within 10 s and gives the checkout free. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.logs.leaveTerminal();
    await this.supervisor.stop();
    await this.logs.close();
    if (!this.lock?.held) return;
    forgetState(this.options.home.state);
    if (this.options.ephemeral) {
      if (this.settings) removeCredentials(this.settings);
      await rm(this.options.home.data, { recursive: true, force: true });
    }
    await this.lock.release();
  }

  private say(message: string): void {
    this.logs.write('stack', message);
  }

  private temporalCli(): Promise<string> {
    const { env } = this.options;
    return acquireTemporalCli({ env, onProgress: (message) => this.say(message) }).catch((error: unknown) => {
      throw error instanceof TemporalCliUnavailable ? new StackError(error.message) : error;
    });
  }
}

function portsOf({ name, port, otherPorts = [] }: ServiceDefinition): { name: string; port: number }[] {
  return [port, ...otherPorts].map((each) => ({ name, port: each }));
}
