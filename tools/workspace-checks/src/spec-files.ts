import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { REPOSITORY_ROOT } from './repository.js';

const IMPORTED = /(?:from|import)\s+'([^']+)'/g;

/** Reads a file of the repository; undefined when there is none. */
export type ReadSource = (path: string) => string | undefined;

/**
 * The way by which a file comes to use a package, through the files that it imports by relative paths; undefined when it
 * does not.
 *
 * @returns the paths from the file to the one that imports the package.
 */
export function wayTo(
  packageName: string,
  path: string,
  read: ReadSource = readSource,
  seen = new Set<string>(),
): string[] | undefined {
  const text = read(path);
  if (text === undefined || seen.has(path)) return undefined;
  seen.add(path);
  const imported = [...text.matchAll(IMPORTED)].map(([, name = '']) => name);
  if (imported.includes(packageName)) return [path];
  for (const name of imported.filter((each) => each.startsWith('.'))) {
    const way = wayTo(packageName, normalize(join(dirname(path), name)).replace(/\.js$/, '.ts'), read, seen);
    if (way) return [path, ...way];
  }
  return undefined;
}

function readSource(path: string): string | undefined {
  const file = join(REPOSITORY_ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
