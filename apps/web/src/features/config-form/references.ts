import type { RJSFSchema } from '@rjsf/utils';
import { referencesIn } from '@uno/workflow-contracts/references';
import { asSchema, controlOf } from './schema-words.js';

/** What a config can refer to by its name. */
export interface Referable {
  readonly name: string;
  readonly kind: 'attribute' | 'column';
}

/** A place of a config, and what is wrong there. */
export interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** The text with a name put in place of the selection, and where the cursor is then. */
export function insertName(
  text: string,
  name: string,
  selection: { readonly start: number; readonly end: number },
): { text: string; cursor: number } {
  const before = text.slice(0, selection.start);
  const inserted = `{{${name}}}`;
  return { text: `${before}${inserted}${text.slice(selection.end)}`, cursor: before.length + inserted.length };
}

/** What is wrong with a name, as a sentence; undefined where it names exactly one attribute or column. */
export function faultOfName(name: string, known: readonly Referable[]): string | undefined {
  const named = known.filter((one) => fold(one.name) === fold(name));
  if (named.length === 1) return undefined;
  return named.length === 0
    ? `There is no attribute or column “${name}”.`
    : `“${name}” is the name of more than one attribute or column.`;
}

/** What is wrong with the names in a prompt, each sentence once. */
export const faultsOfText = (text: string, known: readonly Referable[]): string[] => [
  ...new Set(referencesIn(text).flatMap((name) => faultOfName(name, known) ?? [])),
];

const fold = (name: string): string => name.trim().toLowerCase();

/** Names all over a config that name nothing. The server has the last word; this one saves the way there. */
export function faultsOfReferences(schema: RJSFSchema, config: unknown, known: readonly Referable[]): Fault[] {
  switch (controlOf(schema)) {
    case 'template':
      return faults(typeof config === 'string' ? faultsOfText(config, known) : []);
    case 'reference':
      return faults(typeof config === 'string' && config !== '' ? [faultOfName(config, known)] : []);
    case 'map':
    case 'group':
      return Object.entries(Object(config) as Record<string, unknown>).flatMap(([name, value]) => {
        const part = asSchema(schema.properties?.[name] ?? schema.additionalProperties);
        return faultsOfReferences(part, value, known).map(({ path, message }) => ({ path: [name, ...path], message }));
      });
    default:
      return [];
  }
}

const faults = (messages: readonly (string | undefined)[]): Fault[] =>
  messages.flatMap((message) => (message === undefined ? [] : [{ path: [], message }]));
