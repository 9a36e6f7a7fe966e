import type { Type } from '@nestjs/common';
import type { AnyContract } from '@uno/workflow-contracts';
import type { WorkflowSource } from './workflow-bundle.js';

export interface TemporalWorkerOptions {
  readonly taskQueue: string;
  readonly workflows: WorkflowSource;
  /** Contracts whose workflow types this worker's bundle must hold. */
  readonly contracts: readonly AnyContract[];
  /** Classes whose methods are the activities; the app's modules provide them. */
  readonly activities: readonly Type[];
  /** Names of the activities that the workflows call. */
  readonly promisedActivities: readonly string[];
  /** Activities at a time; one is one page for a team's worker. */
  readonly maxConcurrentActivities?: number;
}

export const TEMPORAL_WORKER_OPTIONS = Symbol('TEMPORAL_WORKER_OPTIONS');
