import type { PlannedFault } from '../plan/run-plan.js';
import type { PlantedBug } from './planted-bug.js';
import { sixFill, when } from './planted-plan.js';

const CRM_WRITER = 'apps/crm-worker/src/crm/column-writer.ts';
const CRM_REVERT = 'apps/crm-worker/src/crm/revert-crm.ts';
const LEASES = 'apps/orchestrator/src/pages/rate-leases.ts';

/** More than five sixths: some of the last column, which is that of the CRM, are among them. */
const cancel = when(0.86, { do: 'cancel' });

/** The CRM answers for half of what it is asked, when it comes to that. */
const halfAnswers: PlannedFault = {
  ...{ kind: 'provider', seconds: 30, at: { job: 0, on: 'settled', share: 0.4 } },
  faults: [{ provider: 'hubspot', fault: 'partial_batch', probability: 1 }],
};

/** Bugs in what one team hands to another, and in what is written outside. */
export const BUGS_BETWEEN_TEAMS: readonly PlantedBug[] = [
  {
    ...{ name: 'written-without-answer', law: 'L16' },
    how: 'a record that the CRM gave no answer for counts as written',
    patches: [
      {
        file: CRM_WRITER,
        find: `        const attempt = call.reply[index] ?? MISSING;\n`,
        replace: `        const reply = call.reply[index] ?? MISSING;
        const lost = { outcome: 'written', recordId: '0', existedBefore: false } as Attempt;
        const attempt = reply.outcome === 'unanswered' ? lost : reply;\n`,
      },
    ],
    plan: sixFill('written-without-answer', { faults: [halfAnswers] }),
  },
  {
    ...{ name: 'journal-without-before', law: 'L16' },
    how: 'the journal says of every record that there was none before, so an undo archives them all',
    patches: [
      {
        file: CRM_WRITER,
        find: `const before = read.outcome === 'absent' ? null : former(read.properties, write.properties);`,
        replace: `const before = read.outcome === 'absent' || former(read.properties, write.properties) ? null : {};`,
      },
    ],
    plan: sixFill('journal-without-before', { actions: [cancel] }),
  },
  {
    ...{ name: 'created-left-behind', law: 'L16' },
    how: 'an undo takes a record that the job made for one that never came about',
    patches: [
      {
        file: CRM_REVERT,
        find: `if (effect.before !== null && holds(read.properties, formerProperties(effect))) return`,
        replace: `if (effect.before === null || holds(read.properties, formerProperties(effect))) return`,
      },
    ],
    plan: sixFill('created-left-behind', { actions: [cancel] }),
  },
  {
    ...{ name: 'dependants-do-not-wait', law: 'L11' },
    how: 'a column starts before the columns that it names are filled',
    patches: [
      {
        file: 'apps/orchestrator/src/jobs/plan.ts',
        find: 'dependsOn.flatMap((input) => stepOf.get(input)?.stepNo ?? [])',
        replace: 'dependsOn.flatMap((input) => (stepOf.has(input) ? [] : []))',
      },
    ],
    plan: sixFill('dependants-do-not-wait'),
  },
  {
    ...{ name: 'values-of-another-row', law: 'L11' },
    how: 'every row of a page reaches the worker with the columns of its last row',
    patches: [
      {
        file: 'apps/orchestrator/src/pages/step-rows.ts',
        find: 'const named = { ...pick(known, isAttribute), ...filled(record.cells) };',
        replace: 'const named = { ...pick(known, isAttribute), ...filled((records.at(-1) ?? record).cells) };',
      },
    ],
    plan: sixFill('values-of-another-row'),
  },
  {
    ...{ name: 'limit-not-kept', law: 'L17' },
    how: 'every worker is granted as many calls as it wants',
    patches: [
      {
        file: LEASES,
        find: 'case when blocked then 0 else least(floor(level), $3::float8) end as granted',
        replace: '$3::float8 as granted',
      },
      { file: LEASES, find: 'set tokens = d.level - d.granted - d.ahead,', replace: 'set tokens = 1,' },
    ],
    plan: sixFill('limit-not-kept', { latencyMs: 20 }),
  },
];
