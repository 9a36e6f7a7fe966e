import type { LiveCell, LiveDelta } from './live-messages.js';

/** A part ends before its cells weigh more than this, but has one cell at least. */
const MOST_BYTES = 1024 * 1024;

/**
 * A delta in messages of a bounded size. Only the last one moves the sequence on and tells of jobs: a client that leaves in the
 * middle comes back with the sequence before, and is told all of it again. What a part says of a cell may be newer than its
 * sequence, never older.
 *
 * @param before what the client has seen
 */
export function partsOf(delta: LiveDelta, before: number): LiveDelta[] {
  const [last = [], ...earlier] = packed(delta.cells).reverse();
  const parts = earlier.reverse().map((cells): LiveDelta => ({ listId: delta.listId, seq: before, cells, jobs: [] }));
  return [...parts, { ...delta, cells: last }];
}

function packed(cells: readonly LiveCell[]): LiveCell[][] {
  const packs: LiveCell[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const cell of cells) {
    const weight = Buffer.byteLength(JSON.stringify(cell));
    bytes += weight;
    if (bytes > MOST_BYTES) {
      packs.push([]);
      bytes = weight;
    }
    packs.at(-1)?.push(cell);
  }
  return packs;
}
