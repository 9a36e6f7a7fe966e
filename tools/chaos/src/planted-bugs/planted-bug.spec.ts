import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../stack/stack-home.js';
import { applyPatch, PatchDoesNotApply } from './planted-bug.js';
import { PLANTED_BUGS } from './planted-bugs.js';

describe('a patch that plants a bug', () => {
  test('replaces its piece and nothing else, also where the replacement has signs of its own', () => {
    expect(applyPatch('a + b', { file: 'x.ts', find: 'b', replace: `$1 $' b` })).toBe(`a + $1 $' b`);
  });

  test.each(['', 'b b'])('is refused where the piece does not stand once: "%s"', (text) => {
    expect(() => applyPatch(text, { file: 'x.ts', find: 'b', replace: 'c' })).toThrow(PatchDoesNotApply);
  });

  /** A team's worker may be missing from a checkout; a file of one that is there may not. */
  const ofWorkersThatAreThere = PLANTED_BUGS.filter(({ patches }) =>
    patches.every(({ file }) => {
      const worker = /^apps\/[^/]+-worker/.exec(file)?.[0];
      return worker === undefined || existsSync(join(REPOSITORY, worker));
    }),
  );

  test.each(ofWorkersThatAreThere)('$name still fits the sources', ({ patches }) => {
    const texts = new Map<string, string>();
    for (const patch of patches) {
      const before = texts.get(patch.file) ?? readFileSync(join(REPOSITORY, patch.file), 'utf8');
      const after = applyPatch(before, patch);
      expect(after).not.toBe(before);
      texts.set(patch.file, after);
    }
  });

  test('there is one for each of fifteen laws, and no two have one name', () => {
    expect(new Set(PLANTED_BUGS.map(({ law }) => law)).size).toBe(15);
    expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
  });
});
