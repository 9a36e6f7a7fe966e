import type { RepositoryFile } from './repository.js';

const FORBIDDEN_FOLDERS = new Set(['common', 'shared', 'utils', 'util', 'helpers', 'helper', 'misc']);
const KEBAB_CASE_SOURCE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|tsx)$/;

// Written in pieces so that this file does not name what it forbids.
const MACHINE_PATH = new RegExp(
  `(?<![\\w.~-])/(${['root', 'home/[\\w.-]+', 'Users/[\\w.-]+', 'work'].join('|')})/`,
  'g',
);
const REGISTRY_HOSTS = [
  'registry\\.[a-z0-9-]+',
  'npm\\.pkg\\.github',
  '[a-z0-9-]+\\.jfrog',
  '[a-z0-9-]*artifactory[a-z0-9-]*',
];
const REGISTRY_HOST = new RegExp(`https?://[^\\s/"']*(${REGISTRY_HOSTS.join('|')})\\.[a-z]{2,}`, 'g');

/** Folders whose name refuses nothing, so that everything ends up in them. Each is given once. */
export function findForbiddenFolders(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)].filter((folder) => FORBIDDEN_FOLDERS.has(folder.slice(folder.lastIndexOf('/') + 1)));
}

/** TypeScript files whose name is not kebab-case with optional roles (`fill-job.workflow.ts`). */
export function findBadlyNamedSources(paths: readonly string[]): string[] {
  return paths.filter((path) => /\.tsx?$/.test(path) && !KEBAB_CASE_SOURCE.test(path.slice(path.lastIndexOf('/') + 1)));
}

/** `path:line: match` for every absolute path of some developer's machine and every package registry's address. */
export function findMachineTraces(files: readonly RepositoryFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(MACHINE_PATH), ...line.matchAll(REGISTRY_HOST)].map(
          (match) => `${path}:${index + 1}: ${match[0]}`,
        ),
      ),
  );
}
