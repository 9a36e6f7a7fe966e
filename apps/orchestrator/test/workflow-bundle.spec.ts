import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { assertBundleBoundary, bundledModules } from '@uno/worker-kit/testing';
import { compensateJob, fillJob, fillSegment } from '@uno/workflow-contracts';
import { WORKFLOWS, bundle } from './workflow-fixture.js';

describe('the workflow bundle', () => {
  let code: string;
  beforeAll(async () => {
    ({ code } = await bundle(WORKFLOWS));
  });

  test('holds workflow code and its contracts only: no activity, no framework, no database', () => {
    assertBundleBoundary(code);
    const modules = bundledModules(code);
    expect(modules.filter((name) => /src\/(activities|jobs|pages|billing|database)\//.test(name))).toEqual([]);
    expect(modules.some((name) => name.includes('src/workflows/fill-job.workflow'))).toBe(true);
  });

  test('holds every workflow that the contracts promise', () => {
    for (const { workflowType } of [fillJob, fillSegment, compensateJob])
      expect(code).toContain(`function ${workflowType}(`);
  });

  test('with an activity in it is refused, by the name of the module', async () => {
    const trespass = await bundle(fileURLToPath(new URL('trespassing.workflows.ts', import.meta.url)));
    expect(() => assertBundleBoundary(trespass.code)).toThrow(/src\/jobs\/failure-messages/);
  });
});
