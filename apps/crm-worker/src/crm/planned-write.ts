import type { CrmConfig } from '@uno/crm-contract';
import type { CellResult, Effect, OpenRow, StepPage } from '@uno/workflow-contracts';
import { MAX_PROPERTY_LENGTH, matchValueOf, propertyText } from './property-values.js';

/** What one cell is to write. */
export interface PlannedWrite {
  readonly rowId: string;
  readonly columnId: string;
  /** The same for every try of it; names nobody. */
  readonly key: string;
  readonly target: Effect['target'];
  readonly properties: Readonly<Record<string, string>>;
}

/** A CRM column of a page. */
export interface CrmColumn {
  readonly columnId: string;
  readonly config: CrmConfig;
}

/** What the effect journal takes to find a record by. */
const MAX_MATCH_LENGTH = 512;

/**
 * @returns what the cell writes, or its result where the row has too little, or too much, for it.
 */
export function planWrite(
  row: OpenRow,
  { columnId, config }: CrmColumn,
  page: { readonly jobId: string; readonly references: StepPage['references'] },
): PlannedWrite | CellResult {
  const { rowId, inputs, identity } = row;
  const { object, matchOn, map } = config;
  const settled = (status: 'skipped' | 'error', code: string, message: string): CellResult => ({
    ...{ rowId, columnId, status },
    reason: { code, message },
  });
  const matchedFrom = map[matchOn];
  const value = matchValueOf(matchOn, matchedFrom === undefined ? identity[matchOn] : inputs[matchedFrom]);
  if (value === undefined) {
    const title = matchedFrom === undefined ? undefined : page.references[matchedFrom];
    return settled('skipped', 'inputs', nothingToMatchOn(matchOn, title));
  }
  const texts = Object.entries(map).flatMap(([property, reference]) => {
    const text = propertyText(inputs[reference]);
    return text === undefined ? [] : [{ property, reference, text }];
  });
  if (texts.length === 0) {
    return settled('skipped', 'inputs', 'Everything that this column writes is empty in this row.');
  }
  const tooLong = texts.find(({ text }) => text.length > MAX_PROPERTY_LENGTH);
  if (tooLong) {
    const title = shortened(page.references[tooLong.reference] ?? tooLong.property);
    return settled('error', 'value_too_long', `${title} is longer than a property of the CRM can be. Shorten it.`);
  }
  if (value.length > MAX_MATCH_LENGTH) {
    return settled('error', 'value_too_long', `The ${matchOn} of this row is too long to match on. Shorten it.`);
  }
  // What finds the record stands there already, or is set with its creation.
  const written = texts.filter(({ property }) => property !== matchOn);
  return {
    ...{ rowId, columnId },
    key: `${page.jobId}:${rowId}:${columnId}`,
    target: { object, idProperty: matchOn, value },
    properties: Object.fromEntries(written.map(({ property, text }) => [property, text])),
  };
}

function nothingToMatchOn(matchOn: string, title: string | undefined): string {
  if (title !== undefined) return `${shortened(title)} is empty in this row, and the record is matched on it.`;
  return `This row has no ${matchOn}, and the record is matched on it.`;
}

const LONGEST_TITLE = 60;

function shortened(title: string): string {
  const characters = [...title];
  return characters.length <= LONGEST_TITLE ? title : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
}

/** Names the record of a write among those of a page. */
export const recordOf = ({ target: { object, idProperty, value } }: Pick<PlannedWrite, 'target'>): string =>
  JSON.stringify([object, idProperty, value]);

/** Writes in their order, in rounds in which no record stands twice: the CRM takes each once per call. */
export function inRounds<Write extends Pick<PlannedWrite, 'target'>>(writes: readonly Write[]): Write[][] {
  const rounds: Write[][] = [];
  const seen = new Map<string, number>();
  for (const write of writes) {
    const record = recordOf(write);
    const round = seen.get(record) ?? 0;
    seen.set(record, round + 1);
    (rounds[round] ??= []).push(write);
  }
  return rounds;
}
