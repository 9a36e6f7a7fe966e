import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assertBundleBoundary, bundleWorkflows, sourceConditionHook } from '@uno/worker-kit/testing';
import { loadWorkflowBundle } from '@uno/worker-kit';

const HERE = fileURLToPath(new URL('.', import.meta.url));

describe('the boundary of workflow code', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(HERE, 'bundle-'));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  const bundle = async (name: string, code: string): Promise<string> => {
    const workflowsPath = join(directory, name, 'workflows', 'index.ts');
    await mkdir(join(directory, name, 'workflows'), { recursive: true });
    await writeFile(workflowsPath, code);
    return bundleWorkflows({ workflowsPath, webpackConfigHook: sourceConditionHook });
  };

  test('lets the workflow SDK and the contracts in', async () => {
    const code = await bundle(
      'good',
      `import { fillPage } from '@uno/workflow-contracts';
       import { parseInput } from '@uno/workflow-contracts/workflow';
       export async function fillPageWorkflow(raw) { return parseInput(fillPage, raw); }`,
    );
    expect(() => assertBundleBoundary(code)).not.toThrow();
    const file = join(directory, 'bundle.js');
    await writeFile(file, code);
    await expect(loadWorkflowBundle({ bundlePath: file }, ['fillPageWorkflow'])).resolves.toBe(code);
    await expect(loadWorkflowBundle({ bundlePath: file }, ['neverWrittenWorkflow'])).rejects.toThrow(
      'neverWrittenWorkflow',
    );
  });

  test.each([
    ['a framework', `import 'reflect-metadata';`, 'reflect-metadata'],
    ['code from outside the workflows folder', `import '../../../test-service.js';`, 'test-service'],
  ])('refuses %s', async (name, statement, foreign) => {
    const code = await bundle(name.replaceAll(' ', '-'), `${statement} export async function xWorkflow() {}`);
    expect(() => assertBundleBoundary(code)).toThrow(foreign);
  });

  test('takes a text that is no bundle for what it is', () => {
    expect(() => assertBundleBoundary('export {}')).toThrow('no workflow bundle');
  });
});
