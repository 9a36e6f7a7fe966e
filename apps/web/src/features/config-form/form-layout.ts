import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { formatValue, inWords } from '../../format.js';
import { VALUE_TITLES, asSchema, controlOf } from './schema-words.js';
import type { Control } from './schema-words.js';

const WIDGETS: Partial<Record<Control, string>> = {
  fixed: 'hidden',
  template: 'template',
  reference: 'reference',
  choices: 'checkboxes',
};
const FIELDS: Partial<Record<Control, string>> = { map: 'map', lines: 'lines', json: 'json' };

/** Which control each part of a form's schema gets, and its title where the schema has none. */
export function formLayout(schema: RJSFSchema): UiSchema {
  return { ...partsOf(schema), 'ui:label': false };
}

function partsOf(schema: RJSFSchema): UiSchema {
  const parts = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    layoutOf(name, asSchema(property)),
  ]);
  return Object.fromEntries(parts) as UiSchema;
}

function layoutOf(name: string, schema: RJSFSchema): UiSchema {
  const control = controlOf(schema);
  const values = schema.enum ?? asSchema(schema.items).enum;
  const titles = schema[VALUE_TITLES] as string[] | undefined;
  return {
    ...(control === 'group' && partsOf(schema)),
    'ui:title': schema.title ?? inWords(name),
    ...(WIDGETS[control] && { 'ui:widget': WIDGETS[control] }),
    ...(FIELDS[control] && { 'ui:field': FIELDS[control] }),
    ...(values && { 'ui:enumNames': titles ?? values.map((value) => inWords(formatValue(value))) }),
  };
}
