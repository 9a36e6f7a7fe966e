export * from './fake-clock.js';
export * from './fake-lease.js';
export * from './fake-provider-server.js';
export * from './page-api.test-server.js';
export * from './test-journal.js';
export * from './worker-bench.js';
export { assertBundleBoundary, bundledModules, bundleWorkflows } from '../temporal/workflow-bundle.js';
export { sourceConditionHook } from '@uno/workflow-contracts/testing';
