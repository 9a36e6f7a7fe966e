import { describe, expect, test } from '@jest/globals';
import type { Evidence } from '../src/audit/evidence.js';
import { checkValues } from '../src/laws/law-11-values.js';
import { checkOutside } from '../src/laws/law-16-outside.js';
import { checkCeilings, checkRates } from '../src/laws/law-17-limits.js';
import { checkCancelled } from '../src/laws/law-cancelled-calls.js';
import type { Violation } from '../src/laws/violation.js';
import type { CrmRecord, LoggedCall } from '../src/stack/sandbox.js';
import { entry, evidenceOf, JOB, TRUTH, version, write } from './hand-made-evidence.js';

const RECORD: CrmRecord = { id: '7', archived: false, properties: { domain: 'adobe.example', name: 'Adobe' } };
const done = version(9, 'col_crm', 'filled', { value: { recordId: '7', outcome: 'created' } });

interface World {
  readonly evidence?: Parameters<typeof evidenceOf>[0];
  readonly calls?: readonly LoggedCall[];
  readonly records?: readonly CrmRecord[];
}

const outsideOf = ({ calls = [], records = [] }: World) => ({ calls, records, piledUp: false });

/** What the checker of L16 says. */
function details(world: World): string[] {
  const evidence: Evidence = evidenceOf(world.evidence ?? {});
  const found = checkOutside(evidence, outsideOf(world), TRUTH);
  expect(found.every(({ law, jobId }) => law === 'L16' && jobId === JOB)).toBe(true);
  return found.map(({ detail }) => detail);
}

describe('the checker of L16', () => {
  const journal = [entry()];
  const written = { journal, versions: [done] };

  test('finds nothing where a record was written once, answered twice, and is there', () => {
    const calls = [write('created'), write('unchanged')];
    expect(details({ evidence: written, calls, records: [RECORD] })).toEqual([]);
  });

  test('finds a write that took effect twice', () => {
    const calls = [write('created'), write('updated')];
    expect(details({ evidence: written, calls, records: [RECORD] })).toEqual(['One write took effect 2 times']);
  });

  test('finds a record that is reported as written, and was not', () => {
    expect(details({ evidence: written, records: [RECORD] })).toEqual([
      'Version 9 says that a record was written, and none was',
    ]);
  });

  test('finds a record that is reported as updated, and was made', () => {
    const versions = [{ ...done, value: { recordId: '7', outcome: 'updated' } }];
    expect(details({ evidence: { journal, versions }, calls: [write('created')], records: [RECORD] })).toEqual([
      'Version 9 names another record than the one that was created',
    ]);
  });

  test('takes a record for made by the job, whichever of its cells wrote it first', () => {
    const first = entry({ id: 1, columnId: 'col_first', key: 'first' });
    const calls = [write('created', { idempotencyKey: 'first' }), write('updated', { seq: 2 })];
    const both = { journal: [first, entry({ id: 2 })], versions: [done] };
    expect(details({ evidence: both, calls, records: [RECORD] })).toEqual([]);
  });

  test('finds a write that the journal does not name', () => {
    expect(details({ calls: [write('created')] })).toEqual(['A record was written that the journal does not name']);
  });

  test('finds a record that is there twice, and one that does not hold what was written', () => {
    const calls = [write('created')];
    expect(details({ evidence: written, calls, records: [RECORD, { ...RECORD, id: '8' }] })).toEqual([
      'A record is there twice',
    ]);
    const other = { ...RECORD, properties: { domain: 'adobe.example', name: 'Other' } };
    expect(details({ evidence: written, calls, records: [other] })).toEqual([
      'A record does not hold what was written',
    ]);
  });

  test.each<[string, Partial<Parameters<typeof entry>[0]>, CrmRecord[]]>([
    ['was made by the job and is still there', { before: null }, [RECORD]],
    ['was there before and is gone', { before: { name: 'Former' } }, []],
    ['was there before and holds what the job wrote', { before: { name: 'Former' } }, [RECORD]],
  ])('finds, after a job that was undone, a record that %s', (_, rest, records) => {
    const evidence = { state: 'failed', journal: [entry(rest)] };
    expect(details({ evidence, calls: [write('created')], records })).toEqual([
      'A record is not what it was before the job that was undone',
    ]);
  });

  test('goes by what the job found first and wrote last where it tried more than once', () => {
    const tries = [entry({ before: { name: 'Former' } }), entry({ id: 2, before: { name: 'Adobe' } })];
    const former = { ...RECORD, properties: { domain: 'adobe.example', name: 'Former' } };
    const calls = [write('updated'), write('unchanged')];
    expect(details({ evidence: { state: 'cancelled', journal: tries }, calls, records: [former] })).toEqual([]);
  });

  test('finds a record that counts as changed by somebody else', () => {
    const outcomes = [{ jobId: JOB, record: 'r', outcome: 'changed_meanwhile' }];
    expect(details({ evidence: { state: 'failed', journal, outcomes }, records: [RECORD] })).toEqual([
      'A record counts as changed by somebody else, and nobody changed it',
    ]);
  });
});

describe('the checker of L17', () => {
  test('finds a job that captured more than its ceiling', () => {
    expect(checkCeilings(evidenceOf({ maxCost: 5, capturedCredits: new Map([[JOB, 5]]) }))).toEqual([]);
    expect(checkCeilings(evidenceOf({ maxCost: 5, capturedCredits: new Map([[JOB, 6]]) }))).toMatchObject([
      { law: 'L17', jobId: JOB },
    ]);
  });

  test('finds a provider that was asked too often, but for calls that piled up or were refused by a fault', () => {
    const refused: LoggedCall = { ...write('created'), provider: 'openai', status: 429 };
    const outside = outsideOf({ calls: [refused, { ...refused, seq: 2 }, { ...refused, fault: 'rate_limited' }] });
    expect(checkRates(outside)).toEqual([
      { law: 'L17', detail: 'openai refused 1 calls because its limit was exceeded' },
    ]);
    expect(checkRates({ ...outside, piledUp: true })).toEqual([]);
    expect(checkRates(outsideOf({ calls: [{ ...refused, fault: 'rate_limited' }] }))).toEqual([]);
    const late: LoggedCall = { ...refused, status: 200, at: '2026-01-01T00:00:00.100Z', stoodStillMs: 180 };
    const judge = (at: string): Violation[] => checkRates(outsideOf({ calls: [late, { ...refused, at }] }));
    expect(judge('2026-01-01T00:00:01Z')).toEqual([]);
    expect(judge('2026-01-01T00:00:01.101Z')).toHaveLength(1);
  });
});

describe('the checker of a cancel', () => {
  const cancelledAt = Date.parse('2026-01-01T00:00:00Z') * 1_000;
  const late = write('created', { at: '2026-01-01T00:00:03Z' });
  const judge = (calls: readonly LoggedCall[], given = {}): Violation[] =>
    checkCancelled(evidenceOf({ state: 'cancelled', cancelledAt }), { ...outsideOf({ calls }), ...given });

  test('finds writes that began more than two seconds after it', () => {
    expect(judge([late, late])).toEqual([
      { law: 'cancel', detail: '1 calls started long after the cancel', jobId: JOB },
    ]);
    expect(checkCancelled(evidenceOf({}), outsideOf({ calls: [late] }))).toEqual([]);
  });

  test('lets be what began before, what takes writes back, and what piled up', () => {
    expect(judge([write('created', { at: '2026-01-01T00:00:01.900Z' })])).toEqual([]);
    expect(judge([{ ...late, route: late.route.replace('upsert', 'update') }])).toEqual([]);
    expect(judge([late], { piledUp: true })).toEqual([]);
  });
});

describe('the checker of L11, of cells that were made from other cells', () => {
  const industry = version(1, 'col_industry', 'filled', { value: 'Software' });
  const judge = (...versions: Evidence['versions']): string[] =>
    checkValues(evidenceOf({ versions }), TRUTH).map(({ columnId }) => columnId ?? '');

  test('finds an answer to the prompt of another row', () => {
    const answer = (value: string) => version(2, 'col_ai', 'filled', { value });
    expect(judge(industry, answer('said to Adobe in Software?'))).toEqual([]);
    expect(judge(industry, answer('said to Bosch in Software?'))).toEqual(['col_ai']);
  });

  test('takes each value for right that the column had when the answer was made', () => {
    const edited = version(2, 'col_industry', 'filled', { value: 'Edited', author: 'user', jobId: null });
    const before = version(3, 'col_ai', 'filled', { value: 'said to Adobe in Software?' });
    expect(judge(industry, edited, before)).toEqual([]);
    expect(judge(industry, { ...before, value: 'said to Adobe in Edited?' })).toEqual(['col_ai']);
  });

  test('takes nothing, or the next provider, for right only where the providers were made to deny what they know', () => {
    const denied = version(1, 'col_industry', 'not_found');
    const wrong = version(2, 'col_industry', 'filled', { value: 'Steel' });
    const judged = (versions: Evidence['versions'], providersLied: boolean): number =>
      checkValues(evidenceOf({ versions }), { ...TRUTH, providersLied }).length;
    expect(judged([denied], false)).toBe(1);
    expect(judged([denied], true)).toBe(0);
    expect(judged([wrong], true)).toBe(1);
  });

  test('finds a row that was skipped for an input that it had', () => {
    const skipped = version(2, 'col_ai', 'skipped', { reason: { code: 'inputs', message: 'Industry is empty.' } });
    expect(judge(skipped)).toEqual([]);
    expect(judge(industry, skipped)).toEqual(['col_ai']);
    // Even if it had it only later: a column waits for those that it names.
    expect(judge({ ...skipped, id: 1 }, { ...industry, id: 2 })).toEqual(['col_ai']);
  });

  test("finds that another row's value was written to the record", () => {
    const evidence = (after: Record<string, string>) => evidenceOf({ versions: [done], journal: [entry({ after })] });
    expect(checkValues(evidence({ name: 'Adobe' }), TRUTH)).toEqual([]);
    expect(checkValues(evidence({ name: 'Bosch' }), TRUTH)).toMatchObject([{ law: 'L11', columnId: 'col_crm' }]);
  });
});
