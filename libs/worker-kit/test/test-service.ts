import type { ServiceRegistration } from '@uno/workflow-contracts';

/** A service of no team. */
export const testService: ServiceRegistration = {
  id: 'test',
  title: 'Test',
  entityTypes: ['company'],
  returns: 'text',
  price: 1,
  capabilities: { batch: false, revert: false, approval: false },
  taskQueue: 'test',
  contractVersion: 1,
  inputs: 'identity',
  configSchema: {},
  absentAfterSeconds: 60,
};
