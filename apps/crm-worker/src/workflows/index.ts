export { fillPageWorkflow, revertPageWorkflow } from '@uno/workflow-contracts/workflow';
