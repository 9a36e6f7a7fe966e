export * from './signals-config.js';
