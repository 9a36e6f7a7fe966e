import { type Boundary, IMPORTS, SYNTAX } from './boundary.js';

/** A workflow of that many lines, signature and braces included. */
const workflow = (count: number): string =>
  [
    'export async function longWorkflow(ping: () => Promise<void>): Promise<void> {',
    ...Array.from({ length: count - 2 }, () => '  await ping();'),
    '}',
  ].join('\n');

/** What workflow code may hold. */
export const WORKFLOW_BOUNDARIES: readonly Boundary[] = [
  {
    sentence: 'a workflow imports nothing of Node',
    folder: 'apps/enrich-worker/src/workflows',
    rule: IMPORTS,
    because: 'Workflow code imports',
    refused: `export { randomUUID } from 'node:crypto';`,
    accepted: `export { uuid4 } from '@temporalio/workflow';`,
  },
  {
    sentence: 'a workflow imports the worker kit never and the contracts freely',
    folder: 'apps/enrich-worker/src/workflows',
    rule: IMPORTS,
    because: 'Workflow code imports',
    refused: `export * from '@uno/worker-kit';`,
    accepted: `export * from '@uno/workflow-contracts/workflow';`,
  },
  {
    sentence: 'a workflow takes only types from the activities',
    folder: 'apps/orchestrator/src/workflows',
    rule: IMPORTS,
    because: 'types only',
    refused: `import { activities } from '../activities/index.js';\nexport const used: unknown = activities;`,
    accepted: `import type { Activities } from '../activities/index.js';\nexport type Used = Activities[];`,
  },
  {
    sentence: 'a workflow loads nothing dynamically',
    folder: 'apps/enrich-worker/src/workflows',
    rule: SYNTAX,
    because: 'dynamic import',
    refused: `export const loaded = (): Promise<unknown> => import('@temporalio/workflow');`,
    accepted: `export * from '@temporalio/workflow';`,
  },
  {
    sentence: 'a workflow reaches no other folder of its app than the activities',
    folder: 'apps/orchestrator/src/workflows',
    rule: IMPORTS,
    because: 'Workflow code imports',
    refused: `export type { Config } from '../config/config.js';`,
    accepted: `export * from './segments.js';`,
  },
  {
    sentence: 'the body of a workflow has at most 60 lines',
    folder: 'apps/orchestrator/src/workflows',
    rule: 'max-lines-per-function',
    because: '60',
    refused: workflow(61),
    accepted: workflow(60),
  },
];
