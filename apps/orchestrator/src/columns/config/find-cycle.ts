import type { NamedColumn } from './list-names.js';

/** The shortest way from a column over what it depends on back to itself, as ids from and to it; undefined when there is none. */
export function findCycle(columns: readonly NamedColumn[], from: string): string[] | undefined {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const seen = new Set<string>();
  const paths = [[from]];
  for (let path = paths.shift(); path; path = paths.shift()) {
    for (const next of byId.get(path.at(-1) ?? '')?.dependsOn ?? []) {
      if (next === from) return [...path, from];
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}
