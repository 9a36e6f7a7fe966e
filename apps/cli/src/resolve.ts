import { CommandFailure } from './failures.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

const SHOWN_AT_MOST = 10;

/**
 * The item that a person means by an id or a title. An id wins over a title; titles compare without case.
 *
 * @throws CommandFailure that lists what exists, or the ids of the titles that compete.
 */
export function resolveOne<Item extends Named>(kind: string, wanted: string, items: readonly Item[]): Item {
  const byId = items.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const title = fold(wanted);
  const [first, ...others] = items.filter(({ name }) => fold(name) === title);
  if (first === undefined) {
    throw new CommandFailure(`There is no ${kind} "${wanted}". ${describe(kind, items)}`, `unknown_${kind}`);
  }
  if (others.length > 0) {
    const ids = [first, ...others].map(({ id }) => id).join(', ');
    throw new CommandFailure(
      `"${wanted}" is the title of more than one ${kind}; name it by its id: ${ids}`,
      `ambiguous_${kind}`,
    );
  }
  return first;
}

function describe(kind: string, items: readonly Named[]): string {
  if (items.length === 0) return `There are no ${kind}s yet.`;
  const names = items.slice(0, SHOWN_AT_MOST).map(({ name }) => `"${name}"`);
  const more = items.length > SHOWN_AT_MOST ? ` and ${items.length - SHOWN_AT_MOST} more` : '';
  return `There is ${names.join(', ')}${more}.`;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
