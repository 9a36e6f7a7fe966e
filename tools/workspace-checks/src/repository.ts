import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout that these checks read. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** One text file of the repository; `path` is relative to the root, with forward slashes. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Paths of all files that are tracked or would be (new and not ignored), relative to the root.
 * Deleted files that git still lists are left out.
 */
export function listRepositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: REPOSITORY_ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(REPOSITORY_ROOT, path)));
}

/** The files among `paths` that hold text; a NUL byte marks a binary one. */
export function readTextFiles(paths: readonly string[]): RepositoryFile[] {
  return paths
    .map((path) => ({ path, text: readFileSync(join(REPOSITORY_ROOT, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

/**
 * A TypeScript file that stands in `folder` or below, relative to the root: the place in which a snippet is linted, so
 * that it is judged by the real project around it.
 *
 * @throws Error when the folder holds no such file.
 */
export function findSourceFile(folder: string): string {
  const names = readdirSync(join(REPOSITORY_ROOT, folder), { recursive: true, encoding: 'utf8' });
  const found = names.sort().find((name) => /(?<!\.spec|\.d)\.tsx?$/.test(name) && !name.includes('generated'));
  if (found === undefined) throw new Error(`${folder} holds no TypeScript source to stand in for`);
  return join(folder, found);
}
