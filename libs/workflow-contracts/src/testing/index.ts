export * from './source-condition-hook.js';
export * from './wire-compatibility.js';
export * from './wire-schemas.js';
