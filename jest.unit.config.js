import { preset } from './jest.preset.js';

// Specs beside their sources need no server and no build, so they run on every supported version of Node within seconds.
export default { ...preset, testMatch: ['<rootDir>/{apps,libs,tools}/**/src/**/*.spec.ts'] };
