import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reconciliation } from '../src/api/shapes.js';
import { ApiServer } from './api-server.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';

const api = new ApiServer();
beforeAll(() => api.start());
afterAll(() => api.stop());
afterEach(() => api.reset());

const uno = (...argv: string[]): Promise<Run> => runCli(argv, { env: { UNO_URL: api.url, UNO_API_KEY: 'key' } });

const CLEAN: Reconciliation = {
  checked: { jobs: 2, workflows: 3, filledCells: 1_500, captures: 4, ledgerEntries: 12 },
  laws: [
    { law: 'L1', title: 'granted = available + held + spent', differences: 0 },
    { law: 'L6', title: 'the cells paid for are exactly the billable cells filled', differences: 0 },
  ],
  differenceCount: 0,
  differences: [],
  settling: [],
};
const BROKEN: Reconciliation = {
  ...CLEAN,
  laws: CLEAN.laws.map((law) => (law.law === 'L6' ? { ...law, differences: 101 } : law)),
  differenceCount: 101,
  differences: [
    { law: 'L6', kind: 'captured_not_filled', detail: 'Paid and not filled', jobId: 'job_1', cellVersionId: '7' },
  ],
  settling: [{ law: 'L21', kind: 'job_without_workflow', detail: 'No workflow of it runs', jobId: 'job_2' }],
};

describe('uno reconcile', () => {
  test('shows each law, what was checked, and ends with 0 when there is no difference', async () => {
    api.on('POST /v1/reconciliations', { json: CLEAN });
    expect(await uno('reconcile')).toEqual({
      exitCode: 0,
      stdout: [
        'LAW  WHAT IT SAYS                                              FOUND',
        'L1   granted = available + held + spent                        holds',
        'L6   the cells paid for are exactly the billable cells filled  holds',
        '',
        'Checked 2 final jobs with 1,500 filled cells and 4 captures, 12 ledger lines, the workflows of 3 jobs.',
        'No differences.\n',
      ].join('\n'),
      stderr: '',
    });
  });

  test('names every difference and ends with 1 when there is one', async () => {
    api.on('POST /v1/reconciliations', { json: BROKEN });
    const { exitCode, stdout } = await uno('reconcile');
    expect(exitCode).toBe(1);
    for (const line of [
      'L6   the cells paid for are exactly the billable cells filled  101 differences',
      'Not so yet (a difference if it stays so for a minute):',
      '  L21 job_without_workflow: No workflow of it runs (jobId job_2)',
      '  L6 captured_not_filled: Paid and not filled (jobId job_1, cellVersionId 7)',
      '  and 100 more',
      '101 differences.',
    ])
      expect(stdout.split('\n')).toContain(line);
  });

  test('prints one document for scripts, and what is settling alone is no failure', async () => {
    const settling = { ...CLEAN, settling: BROKEN.settling };
    api.on('POST /v1/reconciliations', { json: settling });
    const { exitCode, stdout } = await uno('reconcile', '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, settling]);
  });
});
