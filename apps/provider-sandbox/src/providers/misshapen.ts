import type { Answer, WrongPart } from './provider-api.js';

/** How the items of a list-like reply are reached. */
export interface ItemShape {
  /** Field of an item that says which item of the request it answers. */
  readonly referenceField: string;
  /** The reply with other items. */
  readonly withItems: (body: unknown, change: (items: readonly object[]) => readonly object[]) => unknown;
}

/** The items of a reply `{ results: [...] }`. */
export function resultsShape(referenceField: string): ItemShape {
  return {
    referenceField,
    withItems: (body, change) => {
      const reply = body as { readonly results: readonly object[] };
      return { ...reply, results: change(reply.results) };
    },
  };
}

/** Another envelope, items with wrong types, or a second answer to the first item. */
export function misshapenList({ referenceField, withItems }: ItemShape, body: unknown, part: WrongPart): unknown {
  const referenceOf = (item: object): unknown => (item as Record<string, unknown>)[referenceField];
  if (part === 'items') {
    return withItems(body, (items) =>
      items.map((item) => ({ ...(retyped(item) as object), [referenceField]: referenceOf(item) })),
    );
  }
  if (part === 'references') return withItems(body, (items) => [...items, ...items.slice(0, 1)]);
  return anotherEnvelope(body);
}

export function anotherEnvelope(body: unknown): unknown {
  return { apiVersion: 'v9', payload: { rows: body ?? null } };
}

/** For providers that do not bill what nobody can read. */
export function unbilled(answer: Answer, body: unknown): Answer {
  return { ...answer, body, billable: answer.billable.map(() => false) };
}

/** Numbers for texts, texts for numbers and truth values, all the way down. */
export function retyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(retyped);
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, retyped(inner)]));
}
