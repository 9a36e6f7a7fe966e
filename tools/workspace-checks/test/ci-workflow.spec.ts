import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findUnknownCommands, findUnpinnedActions, nodeVersions, parseWorkflow } from '../src/ci-workflow.js';
import { listRepositoryFiles, REPOSITORY_ROOT } from '../src/repository.js';

const read = (path: string): string => readFileSync(join(REPOSITORY_ROOT, path), 'utf8');

describe('continuous integration', () => {
  const workflow = parseWorkflow(read('.github/workflows/ci.yml'));
  const { scripts, engines } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    engines: { node: string };
  };
  const { unit, affected, everything } = workflow.jobs;

  test('runs commands that exist', () => {
    expect(findUnknownCommands(workflow, Object.keys(scripts), listRepositoryFiles())).toEqual([]);
  });

  test('takes actions by commit, may only read, and ends by itself', () => {
    expect(findUnpinnedActions(workflow)).toEqual([]);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  test('runs the unit tests on Node 20, 22 and 24, and begins with the oldest that is allowed', () => {
    const matrix = unit?.strategy?.matrix.node ?? [];
    expect(matrix.map((version) => version.split('.')[0])).toEqual(['20', '22', '24']);
    expect(engines.node).toBe(`>=${matrix[0]}`);
    expect(new Set(nodeVersions(workflow))).toEqual(new Set(matrix));
  });

  test('tests on a pull request what differs from its base, for which it needs the history', () => {
    expect(affected?.if).toContain('pull_request');
    expect(affected?.env).toMatchObject({ NX_BASE: expect.stringContaining('pull_request.base.sha') });
    expect(affected?.steps[0]?.with).toMatchObject({ 'fetch-depth': 0 });
    expect(scripts['test:affected']).toContain('nx affected -t typecheck test');
  });

  test('runs on main what .ci/run runs everywhere', () => {
    expect(everything?.steps.at(-1)?.run).toBe('./.ci/run');
  });
});

describe('the checks of a workflow', () => {
  test('find a script that is not there, and a program that is not ours', () => {
    const workflow = parseWorkflow(
      'jobs: { a: { steps: [{ run: npm run gone }, { run: npm ci }, { run: ./run.sh }] } }',
    );
    expect(findUnknownCommands(workflow, ['test'], [])).toEqual(['npm run gone', './run.sh']);
  });

  test('find an action that is taken by a tag', () => {
    const pinned = `actions/cache@${'0'.repeat(40)}`;
    const workflow = parseWorkflow(`jobs: { a: { steps: [{ uses: actions/checkout@v5 }, { uses: '${pinned}' }] } }`);
    expect(findUnpinnedActions(workflow)).toEqual(['actions/checkout@v5']);
  });
});
