import { describe, expect, test } from '@jest/globals';
import { MAX_EFFECTS_PER_CALL, type Effect } from '@uno/workflow-contracts';
import { effectBatches } from './effect-batches.js';

const effects = (count: number, text = 'x'): Effect[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ rowId: `r${index}`, columnId: 'c', key: `k${index}`, before: null, after: { name: text } },
    target: { object: 'company', idProperty: 'domain', value: `${index}.example` },
  }));

describe('the batches of the effect journal', () => {
  test('hold no more effects than one call takes, in their order', () => {
    const all = effects(2 * MAX_EFFECTS_PER_CALL + 1);
    const batches = effectBatches(all);
    expect(batches.map(({ length }) => length)).toEqual([MAX_EFFECTS_PER_CALL, MAX_EFFECTS_PER_CALL, 1]);
    expect(batches.flat()).toEqual(all);
  });

  test('are smaller where effects are heavy, and there is none for nothing', () => {
    const heavy = effects(40, 'x'.repeat(60_000));
    expect(effectBatches(heavy).length).toBeGreaterThan(2);
    expect(effectBatches(heavy).flat()).toEqual(heavy);
    expect(effectBatches([])).toEqual([]);
  });
});
