export { compensateJobWorkflow } from './compensate-job.workflow.js';
export { fillJobWorkflow } from './fill-job.workflow.js';
export { fillSegmentWorkflow } from './fill-segment.workflow.js';
export { reconcileWorkflow } from './reconcile.workflow.js';
