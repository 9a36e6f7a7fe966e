export * from './enrich-config.js';
