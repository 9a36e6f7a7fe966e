import { z } from 'zod';
import type { IdPrefix } from '../database/ids.js';

/** An id in a path or a body; what cannot be one names nothing. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'is not an id');

/** A name that people read. */
export const nameText = z.string().trim().min(1).max(200);

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_000;

/** How many items a page holds. */
export const limit = z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE);

/** `nextCursor` of the page before; anything else would quietly begin somewhere. */
export const cursorLike = (pattern: RegExp) =>
  z.string().regex(pattern, 'must be the nextCursor of the page before').optional();

/** Query of a keyset-paginated collection whose items are found by ids of that prefix. */
export const pageQuery = (prefix: IdPrefix) =>
  z.object({ limit, cursor: cursorLike(new RegExp(`^${prefix}_[0-9A-Z]{26}$`)) });
export type PageQuery = z.infer<ReturnType<typeof pageQuery>>;

/** A page of a collection; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/**
 * Cuts a page out of what was read with one item more than asked for.
 * @param cursorOf the cursor that continues after an item
 */
export function toPage<Item, View>(
  found: readonly Item[],
  size: number,
  { view, cursorOf }: { readonly view: (item: Item) => View; readonly cursorOf: (item: Item) => string },
): { items: View[]; nextCursor: string | null } {
  const items = found.slice(0, size);
  const last = items.at(-1);
  return { items: items.map(view), nextCursor: found.length > size && last !== undefined ? cursorOf(last) : null };
}
