import { describe, expect, test } from '@jest/globals';
import { findBadlyNamedSources, findForbiddenFolders, findMachineTraces } from '../src/file-rules.js';
import { listRepositoryFiles, readTextFiles } from '../src/repository.js';

describe('the files of the repository', () => {
  const paths = listRepositoryFiles();

  test('no folder has a name that refuses nothing', () => {
    expect(findForbiddenFolders(paths)).toEqual([]);
  });

  test('TypeScript files are named in kebab-case', () => {
    expect(findBadlyNamedSources(paths)).toEqual([]);
  });

  test("no file names a path of somebody's machine or a package registry", () => {
    expect(findMachineTraces(readTextFiles(paths))).toEqual([]);
  });
});

describe('the checks themselves', () => {
  test('a forbidden folder is found at any depth, and reported once', () => {
    const paths = ['libs/utils/a.ts', 'libs/utils/b.ts', 'apps/x/src/helpers/deep/c.ts', 'apps/x/src/common.ts'];
    expect(findForbiddenFolders(paths)).toEqual(['libs/utils', 'apps/x/src/helpers']);
  });

  test('a camel-case or snake-case source is found, a role suffix is fine', () => {
    const paths = ['a/fillJob.ts', 'a/fill_job.ts', 'a/FillJob.tsx', 'a/fill-job.workflow.ts', 'a/README.md'];
    expect(findBadlyNamedSources(paths)).toEqual(['a/fillJob.ts', 'a/fill_job.ts', 'a/FillJob.tsx']);
  });

  test('a home folder and a registry address are found with their line', () => {
    // Put together here so that this file does not hold what it looks for.
    const home = ['', 'home', 'ada', ''].join('/');
    const registry = ['https:/', 'registry.npmjs.org'].join('/');
    const text = `first\ncd ${home}uno\nfetch ${registry}/zod\nsee https://example.com${home} and ./root/x`;
    expect(findMachineTraces([{ path: 'docs/a.md', text }])).toEqual([
      `docs/a.md:2: ${home}`,
      `docs/a.md:3: ${registry}`,
    ]);
  });
});
