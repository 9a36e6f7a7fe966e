import type { ProcessSpec } from '../process/running-process.js';

/** A process that the supervisor looks after. */
export interface ServiceDefinition {
  readonly name: string;
  /** The port that it is known by. */
  readonly port: number;
  /** Address for people and programs. */
  readonly url: string;
  /** Further ports that it listens on. */
  readonly otherPorts?: readonly number[];
  /** Gets everything ready and says what to run; called before each start. */
  prepare(): Promise<ProcessSpec>;
  /** Whether it can do its work now; an error counts as no. */
  isReady(): Promise<boolean>;
}

/** How a supervised process is doing. */
export interface ServiceStatus {
  readonly name: string;
  /** Null while it is down. */
  readonly pid: number | null;
  readonly port: number;
  readonly url: string;
  /** How often it was started again since the stack came up. */
  readonly restarts: number;
  readonly healthy: boolean;
}
