import { sleep } from '@uno/local-stack';
import type { Client } from '@temporalio/client';
import type { Fault, Target } from '../plan/run-plan.js';
import { APPLICATION_NAME, type Database } from '../stack/database.js';
import { childrenOf, signal } from '../stack/processes.js';
import type { Sandbox } from '../stack/sandbox.js';
import type { StackUnderTest } from '../stack/stack-under-test.js';

const LOOK_EVERY_MS = 50;
const FIND_EVERY_MS = 3;
const FIND_WITHIN_MS = 3_000;

export interface InjectorParts {
  readonly stack: StackUnderTest;
  readonly app: Database;
  readonly billing: Database;
  readonly sandbox: Sandbox;
  readonly temporal: Client;
  /** What the sandbox forgets when it is killed. */
  readonly latencyMs: number;
}

/** The job that a fault is meant for, and what is told of it. */
export interface Victim {
  readonly jobId: string;
  /** Called when something was really touched, with the number of calls where it was a provider. */
  readonly onHit: (calls?: number) => void;
  /** Whether no job is left that a fault could touch. */
  readonly isOver: () => boolean;
}

/** Does the harm, and undoes what does not heal by itself. */
export class Injector {
  constructor(private readonly parts: InjectorParts) {}

  /** Injects a fault and resolves when it is over, as far as it has an end. */
  async inject(fault: Fault, victim: Victim): Promise<void> {
    const { jobId, onHit } = victim;
    const { stack, billing, temporal } = this.parts;
    switch (fault.kind) {
      case 'kill':
        if (this.signalAll(fault.target, 'SIGKILL')) onHit();
        return;
      case 'pause':
        return this.pause(fault, onHit);
      case 'away':
        return this.keepAway(fault, onHit);
      case 'kill-backend':
        if (await this.killBackend()) onHit();
        return;
      case 'kill-all':
        onHit();
        await stack.killAll();
        return stack.start();
      case 'cut-connections':
        if (await this.cutConnections()) onHit();
        return;
      case 'provider':
        return this.upsetProviders(fault, victim);
      case 'expire-hold': {
        const expired = await billing.rows(EXPIRE_HOLD, [jobId]);
        if (expired.length > 0) onHit();
        return;
      }
      case 'terminate':
        await temporal.workflow.getHandle(`job:${jobId}`).terminate('chaos');
        onHit();
    }
  }

  /** Ends every fault that lasts: continues what is paused, starts what was killed whole, quiets the providers. */
  async heal(): Promise<void> {
    const { stack, sandbox, latencyMs } = this.parts;
    if (!stack.isRunning()) await stack.start();
    await stack.untilHealthy();
    await sandbox.heal();
    await sandbox.latency(latencyMs);
  }

  private async pause({ target, seconds }: { target: Target; seconds: number }, onHit: () => void): Promise<void> {
    const pids = this.pidsOf(target);
    if (pids.filter((pid) => signal(pid, 'SIGSTOP')).length > 0) onHit();
    try {
      await sleep(seconds * 1_000);
    } finally {
      for (const pid of pids) signal(pid, 'SIGCONT');
    }
  }

  private async keepAway({ target, seconds }: { target: Target; seconds: number }, onHit: () => void): Promise<void> {
    if (this.signalAll(target, 'SIGKILL')) onHit();
    for (const until = Date.now() + seconds * 1_000; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
      this.signalAll(target, 'SIGKILL');
    }
  }

  private async upsetProviders(
    { faults, seconds }: Extract<Fault, { kind: 'provider' }>,
    { onHit, isOver }: Victim,
  ): Promise<void> {
    const { sandbox } = this.parts;
    await sandbox.faults(faults);
    const until = Date.now() + seconds * 1_000;
    for (let over = false; !over; await sleep(LOOK_EVERY_MS)) {
      over = isOver() || Date.now() >= until;
      // Killed meanwhile, it has forgotten its faults and their counts.
      const calls = await sandbox.hits().catch(() => 0);
      if (calls > 0) onHit(calls);
    }
    await sandbox.heal();
  }

  /** Most of the time nothing is under way: looks until something is. */
  private async cutConnections(): Promise<boolean> {
    for (const until = Date.now() + FIND_WITHIN_MS; Date.now() < until; await sleep(FIND_EVERY_MS)) {
      const cut = await this.parts.app.rows(CUT_CONNECTIONS, [APPLICATION_NAME]);
      if (cut.length > 0) return true;
    }
    return false;
  }

  private async killBackend(): Promise<boolean> {
    const [backend] = await this.parts.app.rows<{ pid: number }>(BUSIEST_BACKEND, [APPLICATION_NAME]);
    return backend !== undefined && signal(backend.pid, 'SIGKILL');
  }

  private signalAll(target: Target, what: NodeJS.Signals): boolean {
    const pid = this.parts.stack.pidOf(target);
    return pid !== undefined && signal(pid, what);
  }

  /** A paused postmaster would leave its backends at work. */
  private pidsOf(target: Target): number[] {
    const pid = this.parts.stack.pidOf(target);
    if (pid === undefined) return [];
    return target === 'postgres' ? [pid, ...childrenOf(pid)] : [pid];
  }
}

const OF_THE_PRODUCT = `usename in ('uno_app', 'uno_billing') and application_name <> $1`;

/** Whatever is in the middle of a statement or a transaction. */
const CUT_CONNECTIONS = `
  select pg_terminate_backend(pid) from pg_stat_activity where ${OF_THE_PRODUCT} and state <> 'idle'`;

const BUSIEST_BACKEND = `
  select pid from pg_stat_activity where ${OF_THE_PRODUCT} order by state = 'idle', query_start desc limit 1`;

const EXPIRE_HOLD = `
  update hold set expires_at = clock_timestamp() - interval '1 second' where reference = $1 and state = 'open' returning id`;
