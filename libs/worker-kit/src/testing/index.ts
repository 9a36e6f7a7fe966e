export * from './page-api.test-server.js';
export { assertBundleBoundary, bundledModules, bundleWorkflows } from '../temporal/workflow-bundle.js';
export { sourceConditionHook } from '@uno/workflow-contracts/testing';
