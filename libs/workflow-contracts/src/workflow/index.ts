export * from './execute-contract.js';
export * from './parse-input.js';
export * from './saga.js';
