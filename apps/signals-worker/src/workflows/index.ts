export { fillPageWorkflow } from '@uno/workflow-contracts/workflow';
