import type { Effect } from '../api/shapes.js';
import type { EffectOutcome } from '../api/uno-api.js';
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
export function describeEffects(effects: readonly Effect[]): string {
  if (effects.length === 0) return 'There are no such records.';
  return renderTable(
    ['service', 'record', 'before', 'written', 'outcome'],
    effects.map(({ service, target, before, after, outcome }) => [
      service,
      `${target.object} ${target.idProperty}=${target.value}`,
      before === null ? '(none)' : formatValue(before),
      formatValue(after),
      outcome ?? '',
    ]),
  );
}
