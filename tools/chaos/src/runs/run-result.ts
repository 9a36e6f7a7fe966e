import type { Violation } from '../laws/violation.js';
import type { PlannedFault, Step } from '../plan/run-plan.js';

/** A fault and whether it touched anything while the job ran. */
export interface FaultResult {
  readonly fault: PlannedFault;
  readonly hit: boolean;
  /** What the job was doing then. */
  readonly step?: Step;
  /** Settled share of the job's cells then. */
  readonly settled?: number;
  /** Of a provider: how many calls it hit. */
  readonly calls?: number;
}

export interface JobResult {
  readonly id: string;
  readonly state: string;
  readonly cells: number;
  /** Holds that it took; more than one after an expiry. */
  readonly holds: number;
  readonly skippedBy: Readonly<Record<string, number>>;
  readonly failure?: string;
  readonly failureMessage?: string;
  /** From its acceptance. */
  readonly msToFinal?: number;
}

/** What a run came to. */
export interface RunResult {
  readonly name: string;
  readonly jobs: readonly JobResult[];
  readonly faults: readonly FaultResult[];
  /** Deeds of users that were done. */
  readonly actions: number;
  /** From the moment when everything was healed until the last job was final; 0 when they were final before. */
  readonly msFromHealedToFinal: number;
  readonly tookMs: number;
  readonly violations: readonly Violation[];
}

/** Whether any fault hit: a run without one shows nothing. */
export const wasHit = ({ faults }: Pick<RunResult, 'faults'>): boolean => faults.some(({ hit }) => hit);
