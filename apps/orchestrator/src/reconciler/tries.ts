import { BillingUnavailable } from '../billing/billing.client.js';
import { TemporalUnavailable } from '../laws/workflow-probe.js';

/**
 * Does something for many, whatever becomes of one of them: a job or a hold that cannot be dealt with must not stand in the
 * way of all that come after it, at every tick. Where billing or Temporal is away nothing goes through, and it ends at once.
 */
export class Tries {
  readonly #failures: unknown[] = [];
  #done = 0;

  /** @param work answers whether there was something to do */
  async of(work: () => Promise<boolean>): Promise<void> {
    try {
      if (await work()) this.#done += 1;
    } catch (error) {
      if (error instanceof BillingUnavailable || error instanceof TemporalUnavailable) throw error;
      this.#failures.push(error);
    }
  }

  /** @returns how many times there was something to do. @throws the first failure */
  end(): number {
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#done;
  }
}
