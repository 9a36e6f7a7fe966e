export * from './fill-page.workflow.js';
