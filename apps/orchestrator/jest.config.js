import { presetWithServers } from '../../libs/testing/jest-preset.js';

export default { ...presetWithServers({ postgres: true, temporal: true }), displayName: 'orchestrator' };
