import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import { JobStarter } from './job-starter.js';

const POLL_MS = 500;
const BATCH = 20;
/** Whoever claimed a row has so long to relay it; then another relay may. */
const LEASE_SECONDS = 5;
/** What failed is tried again after so long; a cancel is delivered again, until the job has applied it. */
const REDELIVER_SECONDS = 1;

/**
 * A cancel is delivered so often before a workflow that is not there is taken for gone. Taking over is a compare-and-set, so a
 * job that was finished or fenced meanwhile is left alone.
 */
const MISSED_CANCELS = 3;

interface OutboxRow {
  readonly id: number;
  readonly workspace_id: string;
  readonly topic: string;
  /** Deliveries, this one included. */
  readonly attempts: number;
  readonly payload: {
    readonly jobId: string;
    readonly cells?: number;
    readonly alert?: string;
    readonly code?: string;
  };
}

/**
 * Carries committed orders to Temporal: starts workflows and delivers cancels, at least once each. It runs in every API
 * process and every orchestrator worker; rows are leased, so two relays do not fight and a dead one loses nothing.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger('OutboxRelay');
  #stopped = false;
  #poked = false;
  #wake: (() => void) | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly jobs: JobStarter,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#run();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    this.poke();
    await this.#loop;
  }

  /** Says that there is something to relay now; call it after the commit. */
  poke(): void {
    this.#poked = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#poked = false;
      const relayed = await this.#relayBatch().catch(() => 0);
      if (relayed < BATCH && !this.#poked && !this.#stopped) await this.#sleep();
    }
  }

  async #sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async #relayBatch(): Promise<number> {
    const rows = await this.database.acrossWorkspaces<OutboxRow>('select * from claim_outbox($1, $2)', [
      BATCH,
      LEASE_SECONDS,
    ]);
    await Promise.all(rows.map((row) => this.#relay(row)));
    return rows.length;
  }

  async #relay(row: OutboxRow): Promise<void> {
    try {
      await this.#settle(row, await this.#deliver(row));
    } catch (error) {
      await this.#settle(row, false).catch(() => undefined);
      this.#log.warn(
        `Outbox row ${row.id} (${row.topic}) is tried again: ${error instanceof Error ? error.name : 'error'}`,
      );
    }
  }

  async #settle(row: OutboxRow, done: boolean): Promise<void> {
    await this.database.inWorkspace(row.workspace_id, (sql) =>
      sql.run(
        `update outbox set relayed_at = case when $2 then now() end, available_at = now() + make_interval(secs => $3)
         where id = $1`,
        [row.id, done, REDELIVER_SECONDS],
      ),
    );
  }

  /** True when the row needs no further delivery. */
  async #deliver(row: OutboxRow): Promise<boolean> {
    const { topic, workspace_id, payload } = row;
    switch (topic) {
      case 'start-job':
        await this.jobs.start({ workspaceId: workspace_id, jobId: payload.jobId }, payload.cells ?? 0);
        return true;
      case 'cancel-job':
        return this.#deliverCancel(row);
      case 'compensate-job':
        return this.#deliverCompensate(row);
      case 'alert':
        this.#log.error({ alert: payload.alert, jobId: payload.jobId, code: payload.code });
        return true;
      default:
        throw new Error(`Unknown outbox topic ${topic}`);
    }
  }

  /** Tries a parked undo again, from outside: a job that is not parked any more has had its try. */
  async #deliverCompensate({ workspace_id: workspaceId, payload: { jobId } }: OutboxRow): Promise<boolean> {
    const job = await this.database.inWorkspace(workspaceId, (sql) =>
      sql.row<{ owner: string | null; fence: number }>(
        `select owner, fence from job where workspace_id = $1 and id = $2 and state = 'compensation_failed'`,
        [workspaceId, jobId],
      ),
    );
    if (job) await this.jobs.compensate({ workspaceId, jobId }, job, { target: 'failed' });
    return true;
  }

  /** The cancel of a job whose workflow is gone (terminated, or lost with its server) becomes its compensation. */
  async #deliverCancel({ workspace_id: workspaceId, payload: { jobId }, attempts }: OutboxRow): Promise<boolean> {
    const job = await this.database.inWorkspace(workspaceId, (sql) =>
      sql.row<{ owner: string | null; fence: number; started: boolean }>(
        `select j.owner, j.fence, not exists (
           select from outbox o where o.topic = 'start-job' and o.payload ->> 'jobId' = $2 and o.relayed_at is null) as started
         from job_control c join job j on j.workspace_id = c.workspace_id and j.id = c.job_id
         where c.workspace_id = $1 and c.job_id = $2 and c.action = 'cancel' and c.applied_at is null
           and j.state not in ('completed', 'failed', 'cancelled')`,
        [workspaceId, jobId],
      ),
    );
    if (!job) return true;
    const isCancelling = await this.jobs.cancel(jobId);
    if (!isCancelling && job.started && attempts >= MISSED_CANCELS) {
      await this.jobs.compensate(
        { workspaceId, jobId },
        { owner: job.owner, fence: job.fence },
        { target: 'cancelled' },
      );
    }
    return false;
  }
}
