import type { PlannedFault } from '../plan/run-plan.js';
import { BUGS_BETWEEN_TEAMS } from './bugs-between-teams.js';
import type { PlantedBug } from './planted-bug.js';
import { fill, when } from './planted-plan.js';

const LEDGER = 'apps/billing/prisma/migrations/20261122160000_ledger/migration.sql';
const TABLES = 'apps/orchestrator/prisma/migrations/20261122000000_init/migration.sql';
const BALANCES =
  'set granted = a.granted + d.granted, available = a.available + d.available, held = a.held + d.held, spent = a.spent + d.spent';

/** The first page, a sixth of the rows, is captured by then. */
const cancel = when(0.6, { do: 'cancel' });

const killWorker: PlannedFault = { kind: 'kill', target: 'enrich-worker', at: { job: 0, on: 'settled', share: 0.4 } };

/** One bug for each of these laws, in the paths that write cells and credits; and those that need several teams to show. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    ...{ name: 'spent-not-counted', law: 'L1' },
    how: 'what is captured leaves "held" and does not arrive in "spent"',
    patches: [
      {
        file: LEDGER,
        find: 'constraint account_books_balance check (granted = available + held + spent),',
        replace: '',
      },
      { file: LEDGER, find: BALANCES, replace: BALANCES.replace('a.spent + d.spent', 'a.spent') },
    ],
    plan: fill('spent-not-counted'),
  },
  {
    ...{ name: 'held-beyond-balance', law: 'L2' },
    how: 'a hold is accepted whatever the account has',
    patches: [
      {
        file: LEDGER,
        find: 'constraint account_never_negative check (granted >= 0 and available >= 0 and held >= 0 and spent >= 0),',
        replace: '',
      },
      { file: 'apps/billing/src/holds/hold.service.ts', find: 'account.available < amount', replace: 'amount < 0' },
    ],
    plan: fill('held-beyond-balance', { credits: 100 }),
  },
  {
    ...{ name: 'balance-beside-postings', law: 'L3' },
    how: 'each capture moves one credit more than its postings say',
    patches: [
      {
        file: LEDGER,
        find: BALANCES,
        replace: BALANCES.replace('d.available,', 'd.available - (d.spent > 0)::integer,').concat(
          ' + (d.spent > 0)::integer',
        ),
      },
    ],
    plan: fill('balance-beside-postings', { faults: [killWorker] }),
  },
  {
    ...{ name: 'hold-left-open', law: 'L4' },
    how: 'a job ends without closing its hold',
    patches: [
      {
        file: 'apps/orchestrator/src/jobs/job-credits.ts',
        find: '  await billing.closeReference(workspaceId, jobId);',
        replace: '  void billing;',
      },
    ],
    plan: fill('hold-left-open'),
  },
  {
    ...{ name: 'manifest-with-gaps', law: 'L6' },
    how: 'the seal leaves every tenth filled cell out of the capture manifest',
    patches: [
      {
        file: 'apps/orchestrator/src/pages/seal-page.ts',
        find: `status = 'filled' and restored_at is null and cost > 0`,
        replace: `status = 'filled' and restored_at is null and cost > 0 and id % 10 <> 0`,
      },
    ],
    plan: fill('manifest-with-gaps'),
  },
  {
    ...{ name: 'refund-twice-as-much', law: 'L8' },
    how: 'a refund gives back double what its capture took',
    patches: [
      {
        file: LEDGER,
        find: '  constraint refund_capture_id_account_id_amount_fkey foreign key (capture_id, account_id, amount) references capture (id, account_id, amount) on delete restrict on update restrict\n',
        replace: '  constraint refund_amount check (amount >= 0)\n',
      },
      {
        file: 'apps/billing/src/captures/capture.service.ts',
        find: 'const { accountId, amount, holdId, reference } = capture;',
        replace: 'const { accountId, holdId, reference } = capture;\n    const amount = 2 * capture.amount;',
      },
      {
        file: 'apps/billing/src/captures/capture.service.ts',
        find: "groups.map((group) => ({ ...group, reference, holdId, captureId }));\n      await postEntries(connection, accountId, 'refund'",
        replace:
          "groups.map((group) => ({ ...group, amount: 2 * group.amount, reference, holdId, captureId }));\n      await postEntries(connection, accountId, 'refund'",
      },
    ],
    plan: fill('refund-twice-as-much', { refill: true, actions: [cancel] }),
  },
  {
    ...{ name: 'pending-left', law: 'L9' },
    how: 'an undo does not restore cells that are still pending',
    patches: [
      {
        file: 'apps/orchestrator/src/pages/restore-page.ts',
        find: `c.status = 'pending' or exists (`,
        replace: 'exists (',
      },
    ],
    plan: fill('pending-left', { actions: [cancel] }),
  },
  {
    ...{ name: 'edit-overwritten', law: 'L10' },
    how: 'a result is written although a user has edited the cell meanwhile',
    patches: [
      {
        file: 'apps/orchestrator/src/pages/write-results.ts',
        find: `c.page_no = $3 and c.status = 'pending'`,
        replace: 'c.page_no = $3',
      },
      {
        file: TABLES,
        find: '  check (filled + not_found + error + skipped <= cells)\n',
        replace: '  check (cells >= 0)\n',
      },
    ],
    plan: fill('edit-overwritten', {
      actions: [0.7, 0.8, 0.9, 0.95].map((row) => when(0.05, { do: 'edit', row, column: 0 })),
    }),
  },
  {
    ...{ name: 'rows-mixed-up', law: 'L11' },
    how: 'the answers of one bulk call are given to its rows in the opposite order',
    patches: [
      {
        file: 'libs/worker-kit/src/provider/ask-each.ts',
        find: 'toldOf(reply[index], ms)',
        replace: 'toldOf(reply[items.length - 1 - index], ms)',
      },
    ],
    plan: fill('rows-mixed-up'),
  },
  {
    ...{ name: 'value-not-restored', law: 'L12' },
    how: 'an undo gives a cell its former state and keeps the new value',
    patches: [
      { file: 'apps/orchestrator/src/pages/restore-page.ts', find: 'value = f.value', replace: 'value = c.value' },
    ],
    plan: fill('value-not-restored', { refill: true, actions: [cancel] }),
  },
  {
    ...{ name: 'tries-cost', law: 'L14' },
    how: 'a try that found nothing costs as much as a filled cell',
    patches: [
      {
        file: 'apps/orchestrator/src/pages/write-results.ts',
        find: `status === 'filled' ? (batch.prices.get(columnId) ?? 0) : 0`,
        replace: `status === 'skipped' ? 0 : (batch.prices.get(columnId) ?? 0)`,
      },
    ],
    plan: fill('tries-cost', { faults: [killWorker] }),
  },
  {
    ...{ name: 'row-between-pages', law: 'L15' },
    how: 'the second page begins one row too late',
    patches: [
      {
        file: 'apps/orchestrator/src/jobs/plan.ts',
        find: '(index - 1) * stage.pageRows + 1;',
        replace: '(index - 1) * stage.pageRows + 2;',
      },
    ],
    plan: fill('row-between-pages', { actions: [when(0.1, { do: 'insert', companies: [130, 131] })] }),
  },
  {
    ...{ name: 'workflow-lingers', law: 'L21' },
    how: 'the workflow of a job goes on for ten minutes after the job is final',
    patches: [
      {
        file: 'apps/orchestrator/src/workflows/fill-job.workflow.ts',
        find: 'return { state: await finishJob(job) };',
        replace: `const state = await finishJob(job);\n      await sleep('10 minutes');\n      return { state };`,
      },
      {
        file: 'apps/orchestrator/src/workflows/fill-job.workflow.ts',
        find: `import { CancellationScope,`,
        replace: `import { sleep, CancellationScope,`,
      },
    ],
    plan: fill('workflow-lingers'),
  },
  ...BUGS_BETWEEN_TEAMS,
];
