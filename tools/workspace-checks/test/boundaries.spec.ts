import { beforeAll, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import { join } from 'node:path';
import { findSourceFile, REPOSITORY_ROOT } from '../src/repository.js';
import { CODE_RULES } from './boundaries/code-rules.js';
import { IMPORT_BOUNDARIES } from './boundaries/import-boundaries.js';
import { WORKFLOW_BOUNDARIES } from './boundaries/workflow-boundaries.js';

/** The first snippet waits until TypeScript has read every project; on a busy machine that takes a while. */
const READS_THE_WHOLE_REPOSITORY_MS = 300_000;

describe('the lint configuration of the repository', () => {
  let eslint: ESLint;
  beforeAll(() => {
    // With CI set, typescript-eslint reads files once from the disk and would judge those instead of the snippets.
    process.env['TSESTREE_SINGLE_RUN'] = 'false';
    eslint = new ESLint({ cwd: REPOSITORY_ROOT });
  });

  /** Lints the snippet as if it stood in that folder, under the untouched configuration. */
  async function lint(folder: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: join(REPOSITORY_ROOT, findSourceFile(folder)) });
    return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }

  test.each([...IMPORT_BOUNDARIES, ...WORKFLOW_BOUNDARIES, ...CODE_RULES])(
    '$sentence',
    async ({ folder, rule, because, refused, accepted }) => {
      const complaints = await lint(folder, refused);
      expect(complaints).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: .*${because}`, 's')));
      expect(await lint(folder, accepted)).toEqual([]);
    },
    READS_THE_WHOLE_REPOSITORY_MS,
  );
});
