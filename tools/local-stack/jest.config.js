import { preset } from '../../jest.preset.js';

// A process that a failed test left behind must not keep the whole run waiting for ever.
export default {
  ...preset,
  displayName: 'local-stack',
  globalSetup: '<rootDir>/test/global-setup.js',
  forceExit: true,
};
