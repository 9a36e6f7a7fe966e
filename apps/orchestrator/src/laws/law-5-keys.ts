import type { CaptureRow, HoldRow, LedgerEntry } from './billing-audit.client.js';
import type { Violation } from './law.js';

/** Answers that name a hold without having made it. */
const isRenewal = (key: string): boolean => key.startsWith('renew:');

/**
 * L5: each effect was made by one key, and each key made one effect. Billing stores the answer of a key together with the
 * effect, so an effect that no answer names was made twice or made aside.
 */
export class OneEffectPerKey {
  readonly #effectOf = new Map<string, string>();

  constructor(private readonly jobId?: string) {}

  /** Holds of a job; its keys are `hold:<job>:<n>`. */
  *hold({ id, keys }: HoldRow): Generator<Violation> {
    const makers = keys.filter((key) => !isRenewal(key));
    yield* this.#effect('hold', id, makers, `hold:${this.jobId}:`);
  }

  /** Captures of a job and their refunds; keys are `capture:<job>:<page>:<n>` and `refund:<captureId>`. */
  *capture({ id, keys, refunds }: CaptureRow): Generator<Violation> {
    yield* this.#effect('capture', id, keys, `capture:${this.jobId}:`);
    for (const refund of refunds) yield* this.#effect('refund', refund.id, refund.keys, `refund:${id}`);
  }

  /** Grants of an account; anybody may choose their keys. */
  *entry({ id, kind, keys }: LedgerEntry): Generator<Violation> {
    if (kind === 'grant') yield* this.#effect('grant', id, keys, '');
  }

  *#effect(what: string, id: string, keys: readonly string[], prefix: string): Generator<Violation> {
    const [key] = keys;
    const violation = (kind: string, detail: string): Violation => ({
      ...{ law: 'L5', kind, detail: `${detail}: ${what} ${id}` },
      ...(this.jobId !== undefined && { jobId: this.jobId }),
    });
    if (key === undefined || keys.length > 1) {
      yield violation('effect_without_key', `${keys.length} keys made one effect`);
      return;
    }
    if (!key.startsWith(prefix)) yield violation('effect_of_foreign_key', 'The key is not one of the job');
    const other = this.#effectOf.get(key);
    if (other !== undefined) yield violation('key_with_two_effects', `Its key also made ${other}`);
    // Grants are many and their keys need not be remembered: billing's answers name each of them by its own id.
    else if (this.jobId !== undefined) this.#effectOf.set(key, id);
  }
}
