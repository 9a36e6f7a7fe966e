import type { OpenRow } from '@uno/workflow-contracts';
import type { RecordProperties } from './crm-provider.js';

/** What a property takes at most, in characters. Source: https://developers.hubspot.com/docs/api-reference/crm-properties-v3 */
export const MAX_PROPERTY_LENGTH = 65_536;

/** Any value of a cell. */
type Input = OpenRow['inputs'][string] | undefined;

/** A value as the CRM takes it; undefined for a blank one, which is left as it is there. */
export function propertyText(input: Input): string | undefined {
  if (input === undefined || input === null) return undefined;
  if (typeof input === 'string') return input.trim() === '' ? undefined : input;
  return typeof input === 'object' ? JSON.stringify(input) : String(input);
}

/**
 * What a record is found by, in the form in which the CRM keeps it: addresses and host names bare and in lower case. Two rows
 * with one match value are one record.
 */
export function matchValueOf(idProperty: string, input: Input): string | undefined {
  const text = propertyText(input);
  return text === undefined ? undefined : keptValue(idProperty, text) || undefined;
}

/** Whether the CRM holds what was written there, whatever form it gave it. */
export function holds(current: RecordProperties, written: RecordProperties): boolean {
  return Object.entries(written).every(([property, value]) => isSame(property, current[property] ?? null, value));
}

function isSame(property: string, one: string | null, other: string | null): boolean {
  const [kept, asked] = [keptValue(property, one ?? ''), keptValue(property, other ?? '')];
  if (kept === asked) return true;
  return isNumber(kept) && isNumber(asked) && Number(kept) === Number(asked);
}

/** Long runs of digits are ids or telephone numbers: as numbers they would be rounded. */
const isNumber = (text: string): boolean => /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text);

function keptValue(property: string, value: string): string {
  const text = value.trim();
  if (property === 'email') return text.toLowerCase();
  if (property !== 'domain') return text;
  return text
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#:\s].*$/, '')
    .replace(/\.$/, '');
}
