export * from './api-problem.js';
export * from './busy-job.js';
export * from './client.js';
export * from './live.js';
export type { components, operations, paths } from './generated/openapi.js';
