import { expect, test } from '@jest/globals';
import { metOnlyBusyCells } from '../src/index.js';

const NONE = { cells: 10, open: 0, pending: 0, filled: 0, notFound: 0, error: 0, skipped: 10, awaitingApproval: 0 };

test.each([
  ['another job was filling all of its cells', 'completed', { busy: 10 }, true],
  ['the others were not asked for', 'completed', { busy: 1, scope: 9 }, true],
  ['nothing was asked for', 'completed', { scope: 10 }, false],
  ['there were other reasons too', 'completed', { busy: 4, edited: 6 }, false],
  ['it is not over', 'running', { busy: 10 }, false],
] as const)('whether a job met only busy cells, where %s', (_, state, skippedBy, is) => {
  expect(metOnlyBusyCells({ state, totals: NONE, skippedBy })).toBe(is);
});
