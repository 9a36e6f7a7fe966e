import type { RJSFSchema } from '@rjsf/utils';
import { inWords } from '../../format.js';
import { asSchema, controlOf } from '../config-form/schema-words.js';

/** A name for a column from its config: the first choice that was made in the form. Empty where there is none. */
export function suggestName(schema: RJSFSchema, config: Readonly<Record<string, unknown>>): string {
  const chosen = Object.entries(schema.properties ?? {})
    .filter(([, property]) => controlOf(asSchema(property)) === 'choice')
    .map(([name]) => config[name])
    .find((value) => typeof value === 'string');
  return typeof chosen === 'string' ? inWords(chosen) : '';
}
