import { preset } from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'e2e',
  globalSetup: '<rootDir>/jest/global-setup.js',
  globalTeardown: '<rootDir>/jest/global-teardown.js',
  // All files share one stack, and some of them kill its processes.
  maxWorkers: 1,
  testTimeout: 150_000,
};
