import type { Evidence } from '../audit/evidence.js';
import { checkChanges } from './law-10-changes.js';
import { checkValues } from './law-11-values.js';
import { checkUndone } from './law-12-undone.js';
import { checkUnfilled } from './law-14-unfilled.js';
import { checkCoverage } from './law-15-coverage.js';
import { checkOutside } from './law-16-outside.js';
import { checkCeilings, checkRates } from './law-17-limits.js';
import { checkCancelled } from './law-cancelled-calls.js';
import type { Outside, Truth } from './truth.js';
import type { Violation } from './violation.js';

/** All that one run is judged by. */
export interface RunEvidence {
  /** One for each workspace. */
  readonly workspaces: readonly Evidence[];
  readonly truth: Truth;
  readonly outside: Outside;
}

/** The laws that the product does not check itself: L10, L11, L12, L14, L15, L16 and L17, and how a cancel is obeyed. */
export function checkLaws({ workspaces, truth, outside }: RunEvidence): Violation[] {
  const ofWorkspaces = workspaces.flatMap((evidence) => [
    ...checkChanges(evidence),
    ...checkValues(evidence, truth),
    ...checkUndone(evidence),
    ...checkUnfilled(evidence),
    ...checkCoverage(evidence),
    ...checkOutside(evidence, outside, truth),
    ...checkCeilings(evidence),
    ...checkCancelled(evidence, outside),
  ]);
  return [...ofWorkspaces, ...checkRates(outside)];
}
