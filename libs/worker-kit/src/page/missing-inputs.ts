import {
  MAX_REASON_LENGTH,
  type CellResult,
  type OpenRow,
  type Reference,
  type StepPage,
} from '@uno/workflow-contracts';

const LONGEST_TITLE = 60;
const MOST_TITLES = 5;

/**
 * What to settle a cell with whose row lacks inputs that the service cannot do without.
 *
 * @param references what is needed of the row, in the order in which it shall be named.
 * @returns undefined when nothing is missing.
 */
export function missingInputs(
  row: Pick<OpenRow, 'inputs'>,
  references: readonly Reference[],
  page: Pick<StepPage, 'references'>,
): Pick<CellResult, 'status' | 'reason'> | undefined {
  const missing = [...new Set(references)].filter((reference) => row.inputs[reference] === undefined);
  if (missing.length === 0) return undefined;
  const titles = missing.map((reference) => shortened(page.references[reference] ?? reference));
  const message = `${listed(titles)} ${titles.length === 1 ? 'is' : 'are'} empty in this row.`;
  return { status: 'skipped', reason: { code: 'inputs', message: message.slice(0, MAX_REASON_LENGTH) } };
}

/** `Industry`, `Industry and Country`, `Industry, Country and 7 more`. */
function listed(titles: readonly string[]): string {
  const [first = '', ...others] = titles;
  if (others.length === 0) return first;
  if (titles.length > MOST_TITLES) {
    return `${titles.slice(0, MOST_TITLES - 1).join(', ')} and ${titles.length - MOST_TITLES + 1} more`;
  }
  return `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
}

function shortened(title: string): string {
  const characters = [...title];
  return characters.length <= LONGEST_TITLE ? title : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
}
