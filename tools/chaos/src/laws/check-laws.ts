import type { Evidence } from '../audit/evidence.js';
import { checkChanges } from './law-10-changes.js';
import { checkValues, type Truth } from './law-11-values.js';
import { checkUndone } from './law-12-undone.js';
import { checkUnfilled } from './law-14-unfilled.js';
import { checkCoverage } from './law-15-coverage.js';
import type { Violation } from './violation.js';

/** The laws that the product does not check itself: L10, L11, L12, L14 and L15. */
export function checkLaws(evidence: Evidence, truth: Truth): Violation[] {
  return [
    ...checkChanges(evidence),
    ...checkValues(evidence, truth),
    ...checkUndone(evidence),
    ...checkUnfilled(evidence),
    ...checkCoverage(evidence),
  ];
}
