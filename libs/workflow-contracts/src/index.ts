export * from './define-contract.js';
export * from './failure-codes.js';
export * from './fill-page.contract.js';
export * from './job/job.contracts.js';
export * from './job/reconcile.contract.js';
export * from './page-api.js';
export * from './revert-page.contract.js';
export * from './service.js';
