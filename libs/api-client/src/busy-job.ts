import type { components } from './generated/openapi.js';

type Job = Pick<components['schemas']['Job'], 'state' | 'totals' | 'skippedBy'>;

/** What to tell a person of a job that {@link metOnlyBusyCells}. */
export const ONLY_BUSY_CELLS =
  'Another job was filling all of these cells. Fill again once it has ended, if it left any.';

/** Whether a job completed without touching a cell, since another one was filling all that it was to fill. */
export function metOnlyBusyCells({ state, totals, skippedBy: { busy = 0, scope = 0 } }: Job): boolean {
  return state === 'completed' && busy > 0 && busy + scope === totals.cells;
}
