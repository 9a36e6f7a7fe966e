import { presetWithServers } from '@uno/testing/jest-preset.js';

export default { ...presetWithServers({ temporal: true }), displayName: 'worker-kit' };
