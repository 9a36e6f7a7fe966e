import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { assertBundleBoundary, bundledModules } from '@uno/worker-kit/testing';

describe('the bundle of the CRM worker', () => {
  test('is workflow code alone', async () => {
    const code = await readFile(new URL('../dist/workflow-bundle.js', import.meta.url), 'utf8');
    expect(() => assertBundleBoundary(code)).not.toThrow();
    expect(bundledModules(code).some((name) => name.includes('workflow-contracts'))).toBe(true);
  });
});
