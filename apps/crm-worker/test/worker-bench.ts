import type { WorkflowHandle } from '@temporalio/client';
import { sandboxAccount, WorkerBench, type TestPage } from '@uno/worker-kit/testing';
import { COMPANIES } from './fixtures/sandbox-crm.js';

/** A bench for the CRM worker: ten rows a call and two calls at a time, unless the test says otherwise. */
export const startBench = (): Promise<WorkerBench> =>
  WorkerBench.start({
    main: new URL('../dist/main.js', import.meta.url),
    service: 'crm',
    environment: (sandboxUrl) => ({
      ...sandboxAccount('hubspot', sandboxUrl),
      CRM_ROWS_PER_CALL: '10',
      CRM_CALLS_PER_PAGE: '2',
    }),
  });

/** A page of companies `c0.com`, `c1.com`, … whose name begins as given. */
export const pageOf = (count: number, name = 'Company'): Omit<TestPage, 'jobId' | 'fence'> => ({
  ...{ workspaceId: 'ws_1', entityType: 'company', references: { 'attr:Company Name': 'Company Name' } },
  columns: [{ columnId: 'crm', config: COMPANIES }],
  rows: Array.from({ length: count }, (_, index) => ({
    rowId: `c${index}`,
    columnIds: ['crm'],
    inputs: { 'attr:Company Name': `${name} ${index}`, col_industry: 'Retail' },
    identity: { domain: `c${index}.com` },
  })),
});

/** Undoes a page, as the compensation of its job would. */
export const startRevert = ({ api, temporal }: WorkerBench, jobId: string): Promise<WorkflowHandle> =>
  temporal.client.workflow.start('revertPageWorkflow', {
    taskQueue: 'crm',
    workflowId: `crm:${jobId}:0:0:revert`,
    args: [{ jobId, pageNo: 0, stepNo: 0, fence: api.compensate(jobId) }],
  });
