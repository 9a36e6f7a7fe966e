export * from './execute-contract.js';
export * from './page.workflows.js';
export * from './parse-input.js';
export * from './saga.js';
