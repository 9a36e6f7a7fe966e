#!/usr/bin/env node
// Writes a worker's workflow bundle at build time: bundle-workflows.js <compiled workflows/index.js> <bundle file>
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assertBundleBoundary, bundleWorkflows } from '@uno/worker-kit';

const [workflows, bundle] = process.argv.slice(2);
if (!workflows || !bundle) {
  console.error('Usage: bundle-workflows.js <compiled workflows/index.js> <bundle file>');
  process.exit(2);
}
const code = await bundleWorkflows({ workflowsPath: resolve(workflows) });
assertBundleBoundary(code);
await writeFile(bundle, code);
