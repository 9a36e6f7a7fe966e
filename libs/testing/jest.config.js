import { presetWithServers } from './jest-preset.js';

export default { ...presetWithServers({ postgres: true, temporal: true }), displayName: 'testing' };
