import { ProviderError } from './provider-error.js';

/** One item of a bulk reply and the reference that it says it belongs to; undefined when it names none. */
export interface ReplyItem {
  readonly reference: string | undefined;
  readonly raw: unknown;
}

/**
 * Joins the items of a bulk reply to the rows of the call, whose references are their indexes.
 *
 * @returns the item of each row; undefined where the reply has none.
 * @throws ProviderError when an item belongs to no row of the call or to one that has another: whoever mixes up one row may
 * have mixed up all, and a value in the wrong row is worse than none.
 */
export function itemsByRow(provider: string, rows: number, items: readonly ReplyItem[]): readonly unknown[] {
  const joined = new Map<string, unknown>();
  const known = new Set(Array.from({ length: rows }, (_, index) => String(index)));
  for (const { reference, raw } of items) {
    if (reference === undefined) throw ProviderError.ofAnswer(provider, 'provider_invalid_answer');
    if (!known.has(reference) || joined.has(reference)) {
      throw ProviderError.ofAnswer(provider, 'provider_answer_mixed_up');
    }
    joined.set(reference, raw);
  }
  return Array.from(known, (reference) => joined.get(reference));
}
