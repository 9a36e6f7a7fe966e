import { Injectable } from '@nestjs/common';
import { WorkerMetrics } from '@uno/worker-kit';
import { Counter, Gauge } from 'prom-client';
import { Database } from '../database/database.js';
import { LAW_IDS } from '../laws/law.js';

/** What the reconciler does and finds, at `/metrics` of each orchestrator worker. */
@Injectable()
export class ReconcilerMetrics {
  /** Of this process: with several workers, each tick runs in one of them. */
  readonly lastTick: Gauge;
  readonly done: Counter;
  readonly failures: Counter;

  constructor({ registry }: WorkerMetrics, database: Database) {
    const registers = [registry];
    this.lastTick = new Gauge({
      name: 'uno_reconciler_last_tick_seconds',
      help: 'Unix time at which this worker ended its last tick; the highest over all workers must not be old',
      registers,
    });
    const labelNames = ['duty'];
    this.done = new Counter({
      name: 'uno_reconciler_work_total',
      help: 'What the duties had to do: workflows taken over, undos tried again, holds closed or renewed, jobs told or checked',
      ...{ labelNames, registers },
    });
    this.failures = new Counter({
      name: 'uno_reconciler_failures_total',
      help: 'Duties that could not be done at a tick; the next one tries again',
      ...{ labelNames, registers },
    });
    new Gauge({
      name: 'uno_jobs_parked',
      help: 'Jobs that are compensation_failed now, read from the database: a provider does not take back what they wrote there',
      registers,
      async collect() {
        const [row] = await database
          .acrossWorkspaces<{ parked: number }>('select count_parked_jobs() as parked')
          .catch(() => []);
        this.reset();
        if (row) this.set(row.parked);
      },
    });
    new Gauge({
      name: 'uno_law_violations',
      help: 'Laws that are broken now, read from the database: the same at every worker. Anything but 0 needs a person',
      ...{ labelNames: ['law'], registers },
      async collect() {
        const counts = await database
          .acrossWorkspaces<{ law: string; violations: number }>('select * from count_law_violations()')
          .catch(() => undefined);
        this.reset();
        // Without the database nothing is known, and nothing is shown.
        if (!counts) return;
        for (const law of LAW_IDS) this.set({ law }, 0);
        for (const { law, violations } of counts) this.set({ law }, violations);
      },
    });
  }
}
