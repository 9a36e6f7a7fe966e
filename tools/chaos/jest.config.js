import { presetWithServers } from '@uno/testing/jest-preset.js';

export default { ...presetWithServers({ postgres: true }), displayName: 'chaos' };
