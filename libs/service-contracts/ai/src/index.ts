export * from './ai-config.js';
