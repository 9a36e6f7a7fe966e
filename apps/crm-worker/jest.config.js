import { presetWithServers } from '@uno/testing/jest-preset.js';

// The workers under test share their service's one task queue, so the test files run one after another.
export default { ...presetWithServers({ temporal: true }), displayName: 'crm-worker', maxWorkers: 1 };
