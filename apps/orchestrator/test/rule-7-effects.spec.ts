import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Effect } from '@uno/workflow-contracts';
import { readJobEffects } from '../src/effects/job-effects.js';
import { effectQuery } from '../src/effects/effect.schema.js';
import { journalEffects } from '../src/effects/journal-effects.js';
import { readEffectsPage, recordOutcomes } from '../src/effects/revert-page.js';
import { stepsToRevert } from '../src/effects/steps-to-revert.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { fenceJob, finishJob } from '../src/jobs/job-state.js';
import { openPage } from '../src/pages/open-page.js';
import { restorePage } from '../src/pages/restore-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { SERVICE, stepOf, targetOf, writingService } from './effects-fixture.js';
import type { WritingService } from './effects-fixture.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
let crm: WritingService;
beforeEach(async () => {
  fixture = await jobFixture({ rows: 130, columns: 1 });
  crm = writingService(fixture);
});
afterEach(() => fixture.stop());

/** A job whose first pages (of 20, then of 500 rows) are open. */
async function open(pages = 1, request = {}): Promise<Fence> {
  const by = await fixture.begin((await fixture.accept(request)).id);
  for (let pageNo = 0; pageNo < pages; pageNo += 1) await openPage(fixture.database, by, pageNo);
  return by;
}
async function fence(by: Fence, { restored = [0] }: { restored?: readonly number[] } = {}): Promise<Fence> {
  const undoer = { ...by, ...(await fenceJob(fixture.database, by, 'compensation:1', { target: 'cancelled' })) };
  for (const pageNo of restored) await restorePage(fixture.database, undoer, pageNo);
  return undoer;
}
const effect = (no: number, over: Partial<Effect> = {}): Effect => ({
  ...{ rowId: fixture.rowIds[no] ?? '', columnId: fixture.columnIds[0] ?? '', key: `k-${no}` },
  ...{ target: targetOf(`Company ${no}`), before: null, after: { industry: 'Mining' } },
  ...over,
});
const journal = (by: Fence, effects: readonly Effect[], step = stepOf(by)) =>
  journalEffects(fixture.database, by, step, effects);
const toRevert = (by: Fence, cursor = '', step = stepOf(by)) => readEffectsPage(fixture.database, by, step, cursor);
const report = (by: Fence, outcomes: Parameters<typeof recordOutcomes>[3], step = stepOf(by)) =>
  recordOutcomes(fixture.database, by, step, outcomes);
const listed = (by: Fence, query = {}) =>
  fixture.database.inWorkspace(by.workspaceId, (sql) => readJobEffects(sql, by, effectQuery.parse(query)));
const NOTHING = { items: [], nextCursor: null };

describe('the effect journal', () => {
  test('keeps every try, and says of each write whether its record was there before the first', async () => {
    const by = await open();
    const first = [effect(0), effect(1, { before: { industry: null } })];
    const answer = { control: 'run', effects: [{ existedBefore: false }, { existedBefore: true }] };
    expect(await journal(by, first)).toEqual(answer);
    // The same again, and a later try that finds what the first one wrote.
    expect(await journal(by, first)).toEqual(answer);
    const again = [effect(1, { before: { industry: 'Mining' } }), effect(0, { before: { industry: 'Mining' } })];
    expect((await journal(by, again))?.effects).toEqual([{ existedBefore: true }, { existedBefore: false }]);
    // Another row is the same record, which the job has made by now.
    const twin = effect(0, { ...{ rowId: fixture.rowIds[2] ?? '', key: 'k-2' }, before: { industry: 'Mining' } });
    expect((await journal(by, [twin]))?.effects).toEqual([{ existedBefore: true }]);
    expect(await fixture.admin('select 1 from effect')).toHaveLength(7);
  });

  test('can be neither changed nor emptied, not even by its owner', async () => {
    const by = await open();
    await journal(by, [effect(0)]);
    for (const change of [`update effect set after = '{}'`, 'delete from effect']) {
      await expect(fixture.admin(change)).rejects.toThrow('insert-only');
      await expect(fixture.database.inWorkspace(by.workspaceId, (sql) => sql.run(change))).rejects.toThrow(
        'permission denied',
      );
    }
  });

  test('takes nothing after the fence, nor of a page that is sealed or not open: then nothing may be written', async () => {
    const by = await open();
    expect(await journal(by, [effect(0)], stepOf(by, 1))).toBeUndefined();
    await sealPage(fixture.database, by, 0);
    expect(await journal(by, [effect(0)])).toBeUndefined();
    const other = await open(1, { scope: { type: 'rows', rowIds: [fixture.rowIds[3]] } });
    const undoer = await fence(other, { restored: [] });
    expect(await journal(other, [effect(3)])).toBeUndefined();
    expect(await journal(undoer, [effect(3)])).toBeDefined();
    await restorePage(fixture.database, undoer, 0);
    expect(await journal(undoer, [effect(3)])).toBeUndefined();
  });

  test('is closed to other services, and to rows and columns that the step does not have', async () => {
    const by = await open();
    expect(await journal(by, [effect(0)], stepOf(by, 0, 'another'))).toBeUndefined();
    for (const [wrong, pointer] of [
      [effect(25), '/effects/1/rowId'],
      [effect(0, { columnId: 'col_none' }), '/effects/1/columnId'],
    ] as const) {
      await expect(journal(by, [effect(0), wrong])).rejects.toMatchObject({
        ...{ status: 422, options: { errors: [{ pointer }] } },
      });
    }
    expect(await fixture.admin('select 1 from effect')).toEqual([]);
  });
});

describe('what a step has to take back', () => {
  test('is shown under the fence of the compensation alone, to the service whose step it is', async () => {
    const by = await open();
    await journal(by, [effect(0)]);
    expect(await toRevert(by)).toBeUndefined();
    const undoer = await fence(by);
    expect(await toRevert(by)).toBeUndefined();
    expect(await toRevert(undoer, '', stepOf(undoer, 0, 'another'))).toBeUndefined();
    expect(await report(undoer, [{ target: targetOf('Company 0'), outcome: 'archived' }], stepOf(undoer, 0, 'x'))).toBe(
      undefined,
    );
    expect((await toRevert(undoer))?.items).toMatchObject([{ target: targetOf('Company 0'), before: null }]);
    expect(await report(undoer, [{ target: targetOf('Company 0'), outcome: 'archived' }])).toEqual({ recorded: 1 });
    expect(await toRevert(undoer)).toMatchObject(NOTHING);
    expect(await finishJob(fixture.database, undoer)).toBe('cancelled');
    expect(await toRevert(undoer)).toBeUndefined();
  });

  test('is by record what the job found first and wrote last, of all its pages and columns', async () => {
    const by = await open(2);
    const target = targetOf('Twice');
    await journal(by, [
      effect(0, { target, before: { industry: 'Old', city: 'Bern' }, after: { industry: 'A', city: 'X' } }),
    ]);
    const later = effect(30, { target, before: { industry: 'A', size: 3 }, after: { industry: 'B', size: 4 } });
    await journal(by, [later], stepOf(by, 1));
    const undoer = await fence(by, { restored: [0, 1] });
    const expected = [
      { target, before: { industry: 'Old', city: 'Bern', size: 3 }, after: { industry: 'B', city: 'X', size: 4 } },
    ];
    const told = expected.map((item) => ({ ...item, earlier: { industry: ['A'] } }));
    expect((await toRevert(undoer))?.items).toEqual(told);
    expect((await toRevert(undoer, '', stepOf(undoer, 1)))?.items).toEqual(told);
    // Whoever reports it first has it reported.
    expect(await report(undoer, [{ target, outcome: 'restored' }], stepOf(undoer, 1))).toEqual({ recorded: 1 });
    expect(await report(undoer, [{ target, outcome: 'changed_meanwhile' }])).toEqual({ recorded: 0 });
    expect(await toRevert(undoer)).toMatchObject(NOTHING);
    expect((await listed(undoer)).items).toMatchObject([{ ...expected[0], pageNo: 0, outcome: 'restored' }]);
  });

  test('names what was tried before the last, latest first, each value once and no more than a few', async () => {
    const by = await open();
    const target = targetOf('Often');
    for (const industry of ['A', 'B', 'A', ...'cdefghij', 'j', 'B']) {
      await journal(by, [effect(0, { target, after: { industry, city: 'X' } })]);
    }
    const undoer = await fence(by);
    expect((await toRevert(undoer))?.items).toEqual([
      { target, before: null, after: { industry: 'B', city: 'X' }, earlier: { industry: [...'jihgfedc'] } },
    ]);
  });

  test('comes a hundred records at a time, fewer where they are long, each once', async () => {
    const by = await open(2);
    const text = 'x'.repeat(60_000);
    await journal(
      by,
      Array.from({ length: 100 }, (_, no) => effect(20 + no, { after: { text } })),
      stepOf(by, 1),
    );
    await journal(
      by,
      [...Array(10).keys()].map((no) => effect(120 + no)),
      stepOf(by, 1),
    );
    const undoer = await fence(by, { restored: [0, 1] });
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await toRevert(undoer, cursor, stepOf(undoer, 1));
      if (!page) throw new Error('refused');
      seen.push(...page.items.map(({ target }) => target.value));
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([110, 110]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(80);
    // The same for people, of all the pages of the job.
    const first = await listed(undoer, { limit: 1_000 });
    expect(first.items.length).toBeLessThanOrEqual(80);
    const few = await listed(undoer, { limit: 7, cursor: first.nextCursor });
    expect([few.items.length, typeof few.nextCursor]).toEqual([7, 'string']);
  });

  test('is nothing of pages that stay, nor what such a page wrote over', async () => {
    const by = await open(2, { onCancel: 'keep' });
    const on = (name: string, no: number, before: string, after: string): Effect =>
      effect(no, { target: targetOf(name), before: { industry: before }, after: { industry: after } });
    await journal(
      by,
      [on('Restored', 30, 'Old', 'A'), on('Over', 31, 'Old', 'A'), on('Under', 32, 'B', 'C')],
      stepOf(by, 1),
    );
    await journal(by, [on('Kept', 0, 'Old', 'A'), on('Over', 1, 'A', 'B')]);
    await journal(by, [on('Kept', 33, 'A', 'B')], stepOf(by, 1));
    const undoer = await fence(by, { restored: [1] });
    expect((await toRevert(undoer))?.items).toEqual([]);
    const { items = [] } = (await toRevert(undoer, '', stepOf(undoer, 1))) ?? {};
    expect(new Map(items.map(({ target, before, after }) => [target.value, [before, after]]))).toEqual(
      new Map([
        ['Restored', [{ industry: 'Old' }, { industry: 'A' }]],
        ['Under', [{ industry: 'B' }, { industry: 'C' }]],
        ['Kept', [{ industry: 'A' }, { industry: 'B' }]],
      ]),
    );
    const { steps } = await stepsToRevert(fixture.database, undoer);
    expect(steps).toEqual([{ pageNo: 1, stepNo: 0, service: SERVICE, taskQueue: SERVICE }]);
    expect((await fixture.view(by.jobId)).reverts).toEqual({ records: 3, reverted: 0, changedMeanwhile: 0, open: 3 });
  });
});

describe('an undo', () => {
  test('of a job that wrote nothing outside looks for nothing and shows nothing', async () => {
    const by = await open();
    const fenced = await fenceJob(fixture.database, by, 'compensation:1', { target: 'cancelled' });
    expect(fenced.wroteOutside).toBe(false);
    await restorePage(fixture.database, { ...by, ...fenced }, 0);
    expect(await finishJob(fixture.database, { ...by, ...fenced })).toBe('cancelled');
    expect(await fixture.view(by.jobId)).not.toHaveProperty('reverts');
    expect(await listed(by)).toEqual(NOTHING);
  });

  test('leaves what somebody changed meanwhile, says so, and people find it by its outcome', async () => {
    crm.records.set('Company 1', { industry: 'Old', city: 'Bern' });
    const by = await open(1, { scope: { type: 'rows', rowIds: fixture.rowIds.slice(0, 3) } });
    await crm.write(by, 0);
    crm.records.set('Company 2', { industry: 'Mine' });
    const undoer = await fence(by);
    await stepsToRevert(fixture.database, undoer);
    expect(await listed(undoer, { outcome: 'open' })).toMatchObject({ items: [{}, {}, {}] });
    expect(await crm.revert(undoer, 0)).toEqual({ reverted: 2, changedMeanwhile: 1 });
    expect(await crm.revert(undoer, 0)).toEqual({ reverted: 0, changedMeanwhile: 0 });
    expect([...crm.records]).toEqual([
      ['Company 1', { industry: 'Old', city: 'Bern' }],
      ['Company 2', { industry: 'Mine' }],
    ]);
    expect(await finishJob(fixture.database, undoer)).toBe('cancelled');
    const { reverts } = await fixture.view(by.jobId);
    expect(reverts).toEqual({ records: 3, reverted: 2, changedMeanwhile: 1, open: 0 });
    expect(await listed(by, { outcome: 'changed_meanwhile' })).toEqual({
      items: [
        {
          ...{ service: SERVICE, pageNo: 0, rowId: fixture.rowIds[1], columnId: fixture.columnIds[0] },
          ...{ target: targetOf('Company 2'), before: null, after: { industry: 'Mining' } },
          outcome: 'changed_meanwhile',
        },
      ],
      nextCursor: null,
    });
    expect(await listed(by, { outcome: 'open' })).toEqual(NOTHING);
  });
});
