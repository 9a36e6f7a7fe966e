import type { Effect } from '../api/shapes.js';
import type { EffectOutcome, Excerpt } from '../api/uno-api.js';
import { formatValue } from '../output/format.js';
import { renderTable } from '../output/table.js';

export const EFFECT_OUTCOMES = [
  'restored',
  'archived',
  'unchanged',
  'changed_meanwhile',
  'open',
] as const satisfies readonly EffectOutcome[];

/** A line for each record: which it is, what it held and was given, and what became of it. */
export function describeEffects({ items, hasMore }: Excerpt<Effect>): string {
  if (items.length === 0) return 'There are no such records.';
  const table = renderTable(
    ['service', 'record', 'before', 'written', 'outcome'],
    items.map(({ service, target, before, after, outcome }) => [
      service,
      `${target.object} ${target.idProperty}=${target.value}`,
      before === null ? '(none)' : formatValue(before),
      formatValue(after),
      outcome ?? '',
    ]),
  );
  return hasMore ? `${table}\n… more; all of them without --limit` : table;
}
