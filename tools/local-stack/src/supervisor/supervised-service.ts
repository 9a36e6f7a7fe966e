import { setTimeout } from 'node:timers/promises';
import { type ProcessExit, type RunningProcess, startChild } from '../process/running-process.js';
import { RestartDelay } from './restart-delay.js';
import type { ServiceDefinition, ServiceStatus } from './service-definition.js';

const CHECK_UNHEALTHY_EVERY_MS = 250;
const CHECK_HEALTHY_EVERY_MS = 2_000;
const LAST_LINES = 15;

/** What a supervised service tells its supervisor. */
export interface ServiceEvents {
  /** A line that the process wrote. */
  line(name: string, line: string): void;
  /** Something that the supervisor has to say about it. */
  notice(name: string, message: string): void;
  /** The status is another one. */
  changed(): void;
}

/** Keeps one process running: starts it again when it ends, watches its health, and ends it when told to. */
export class SupervisedService {
  private readonly delay = new RestartDelay();
  private readonly stopping = new AbortController();
  private child: RunningProcess | undefined;
  private loop: Promise<void> | undefined;
  private restarts = 0;
  private healthy = false;
  private lastWords = '';

  constructor(
    readonly definition: ServiceDefinition,
    private readonly events: ServiceEvents,
  ) {}

  /** Starts the process and keeps it running; returns at once. */
  start(): void {
    this.loop ??= this.keepRunning();
  }

  status(): ServiceStatus {
    const { name, port, url } = this.definition;
    return { name, pid: this.child?.pid ?? null, port, url, restarts: this.restarts, healthy: this.healthy };
  }

  /** The last lines it wrote before it ended, for an error message. */
  complaint(): string {
    return (this.child?.output() || this.lastWords).trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  /** Asks the process to end and kills it, and what it left in its group, after `graceMs`. It is not started again. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    await this.child?.stop(graceMs);
    await this.loop;
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const healthyMs = await this.runOnce();
      if (this.stopping.signal.aborted) return;
      const delayMs = this.delay.next(healthyMs);
      this.events.notice(this.definition.name, `starting again in ${delayMs} ms`);
      await pause(delayMs, this.stopping.signal);
      this.restarts += 1;
    }
  }

  /** @returns how long the process was healthy, in milliseconds. */
  private async runOnce(): Promise<number> {
    const { name } = this.definition;
    let healthySince: number | undefined;
    try {
      const spec = await this.definition.prepare();
      if (this.stopping.signal.aborted) return 0;
      const child = await startChild(spec, (line) => this.events.line(name, line));
      this.child = child;
      this.events.changed();
      void this.watchHealth(child, () => (healthySince ??= Date.now()));
      if (this.stopping.signal.aborted) await child.stop();
      const exit = await child.exited;
      this.lastWords = child.output();
      if (!this.stopping.signal.aborted) this.events.notice(name, `ended unexpectedly (${describe(exit)})`);
    } catch (error) {
      this.lastWords = (error as Error).message;
      this.events.notice(name, `could not be started: ${this.lastWords}`);
    }
    this.child = undefined;
    this.healthy = false;
    this.events.changed();
    return healthySince === undefined ? 0 : Date.now() - healthySince;
  }

  private async watchHealth(child: RunningProcess, onHealthy: () => void): Promise<void> {
    const gone = new AbortController();
    void child.exited.then(() => gone.abort());
    const over = AbortSignal.any([gone.signal, this.stopping.signal]);
    while (!over.aborted) {
      const healthy = await this.definition.isReady().catch(() => false);
      if (this.child !== child) return;
      if (healthy) onHealthy();
      if (healthy !== this.healthy) {
        this.healthy = healthy;
        this.events.changed();
      }
      await pause(healthy ? CHECK_HEALTHY_EVERY_MS : CHECK_UNHEALTHY_EVERY_MS, over);
    }
  }
}

/** Waits, but no longer than until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

function describe({ code, signal }: ProcessExit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}
