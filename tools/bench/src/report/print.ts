import type { Finding, Result } from './figure.js';
import { reachesGoal } from './figure.js';

/** Writes what a figure found to the terminal. */
export function printFinding(finding: Finding): Finding {
  const { figure, measurement } = finding;
  const lines = [...measurement.results.map(lineOf), ...measurement.notes, foreignLoadOf(finding)];
  process.stdout.write(`${figure.title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  return finding;
}

/** A machine that others use says less, and the reader must know. */
export const foreignLoadOf = ({ foreignShare }: Finding): string =>
  foreignShare === undefined
    ? 'What other programs did meanwhile is not known.'
    : `Other programs took ${(100 * foreignShare).toFixed(0)} % of the machine meanwhile.`;

function lineOf(result: Result): string {
  const { what, summary, unit } = result;
  const reached = reachesGoal(result);
  const verdict = reached === undefined ? '' : `, goal ${goalOf(result)} ${reached ? 'reached' : 'MISSED'}`;
  return `${what}: ${valueOf(result)} ${unit} (${spreadOf(result)}, ${summary.tries} tries)${verdict}`.replace(
    '  ',
    ' ',
  );
}

export const valueOf = ({ judged, summary }: Result): string => format(judged ?? summary.median);

export const spreadOf = ({ summary: { min, max } }: Result): string => `${format(min)} to ${format(max)}`;

export const goalOf = ({ goal }: Result): string =>
  goal ? `${goal.better === 'higher' ? '≥' : '≤'} ${goal.limit}` : '';

/** Three digits that count, no more than the measurement is worth. */
function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
