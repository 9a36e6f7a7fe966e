/**
 * A reference as it is stored in a column's config and as a worker meets it: the id of a column, or `attr:` and the name of an
 * attribute of the list. In a text it stands as `{{reference}}`; `\{{` is a literal `{{`.
 */
export type Reference = string;

export const ATTRIBUTE_REFERENCE = 'attr:';

const IN_TEXT = /\\\{\{|\{\{([^{}]*)\}\}/g;

/** The references in a text, in their order, each as often as it stands there. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(IN_TEXT)].flatMap(([, name]) => (name === undefined ? [] : [name.trim()]));
}

/** True where a `{{` has no `}}` after it: it would be taken as text, and nobody means that. */
export function hasOpenReference(text: string): boolean {
  return text.replace(IN_TEXT, '').includes('{{');
}

/** The text with each reference replaced; what is literal stays as it was written. */
export function mapReferences(text: string, replace: (reference: Reference) => Reference): string {
  return text.replace(IN_TEXT, (found, name?: string) => (name === undefined ? found : `{{${replace(name.trim())}}}`));
}

/** The text for a reader: values for references, and `{{` where it was written as a literal. */
export function renderReferences(text: string, valueOf: (reference: Reference) => string): string {
  return text.replace(IN_TEXT, (_found, name?: string) => (name === undefined ? '{{' : valueOf(name.trim())));
}
