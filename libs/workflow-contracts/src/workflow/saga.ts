import { ApplicationFailure, CancellationScope, TemporalFailure } from '@temporalio/workflow';
import { SUPERSEDED_FAILURE } from '../failure-codes.js';

/** A business inverse. It must be idempotent and read what to undo from the database, not from workflow memory. */
export type Compensation = () => Promise<void>;

/**
 * The compensations of a running saga, grouped in named phases. Phases run one after another in the order that was given,
 * the compensations of one phase side by side: money and cells must not wait for each other, nor for a slow provider.
 */
export class Saga<Phase extends string> {
  readonly #compensations = new Map<Phase, Compensation>();

  /** Registers an undo. Call it before the step it undoes, or a crash in between leaves the step standing. */
  register(phase: Phase, compensation: Compensation): void {
    if (this.#compensations.has(phase)) throw new Error(`Compensation ${phase} is registered twice`);
    this.#compensations.set(phase, compensation);
  }

  /** Runs what was registered; `order` is a list of groups. A group waits for all of its members, then the first failure is thrown. */
  async compensate(order: readonly (readonly Phase[])[]): Promise<void> {
    for (const group of order) {
      const results = await Promise.allSettled(group.map(async (phase) => this.#compensations.get(phase)?.()));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    }
  }
}

export interface SagaSteps<Phase extends string, T> {
  /** The forward story. It registers each compensation before the step. */
  readonly run: (saga: Saga<Phase>) => Promise<T>;
  /** The undo, called in a scope that cancellation cannot reach. */
  readonly undo: (saga: Saga<Phase>, cause: TemporalFailure) => Promise<T>;
  /** What the workflow answers when somebody else owns the work: nothing is compensated. */
  readonly superseded: () => T;
}

/**
 * Runs a saga. Only a TemporalFailure (a failed activity or child, a cancellation) is undone. Anything else is rethrown:
 * continue-as-new is a throw, and a programming error must fail the workflow task so that the work goes on after the fix.
 */
export async function runSaga<Phase extends string, T>({ run, undo, superseded }: SagaSteps<Phase, T>): Promise<T> {
  const saga = new Saga<Phase>();
  try {
    return await run(saga);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    if (isSuperseded(error)) return superseded();
    try {
      return await CancellationScope.nonCancellable(() => undo(saga, error));
    } catch (undoError) {
      if (isSuperseded(undoError)) return superseded();
      throw undoError;
    }
  }
}

/** True when the failure, or any of its causes, says that another owner has taken over. */
export function isSuperseded(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type === SUPERSEDED_FAILURE) return true;
  }
  return false;
}

/** The innermost ApplicationFailure of a given type in a chain of causes. */
export function findApplicationFailure(error: unknown, type: string): ApplicationFailure | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type === type) return cause;
  }
  return undefined;
}
