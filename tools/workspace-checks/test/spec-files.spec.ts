import { describe, expect, test } from '@jest/globals';
import { listRepositoryFiles } from '../src/repository.js';
import { wayTo } from '../src/spec-files.js';

describe('a spec beside its source', () => {
  const specs = listRepositoryFiles().filter((path) => /^(apps|libs|tools)\/.*\/src\/.*\.spec\.ts$/.test(path));

  test('uses no server, so that it runs on every version of Node within seconds', () => {
    expect(specs.length).toBeGreaterThan(20);
    expect(specs.flatMap((path) => wayTo('@uno/testing', path)?.join(' → ') ?? [])).toEqual([]);
  });

  test('is found when it uses one through a fixture, and when two fixtures use each other', () => {
    const files: Record<string, string> = {
      'a/src/x.spec.ts': `import { api } from '../test/fixture.js';`,
      'a/test/fixture.ts': `import './other.js';\nimport { startTestDatabase } from '@uno/testing';`,
      'a/test/other.ts': `import { api } from './fixture.js';`,
    };
    const read = (path: string) => files[path];
    expect(wayTo('@uno/testing', 'a/src/x.spec.ts', read)).toEqual(['a/src/x.spec.ts', 'a/test/fixture.ts']);
    expect(wayTo('zod', 'a/src/x.spec.ts', read)).toBeUndefined();
  });
});
