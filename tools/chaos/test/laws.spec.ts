import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkLaws } from '../src/laws/check-laws.js';
import type { Outside, Truth } from '../src/laws/truth.js';
import type { Violation } from '../src/laws/violation.js';
import { COMPANIES, HandMadeJob, jobOf } from './hand-made-job.js';

/** Lusha knows the first two companies, People Data Labs the third, nobody the fourth. */
const TRUTH: Truth = {
  providersFailed: false,
  providersLied: false,
  isOfTheRun: () => true,
  modelAnswer: ({ text }) => `said to ${text}`,
  latestEvent: () => null,
  answer(_, provider, company) {
    const known: readonly string[] = provider === 'lusha' ? COMPANIES.slice(0, 2) : COMPANIES.slice(2, 3);
    return known.includes(company) ? { industry: `of ${company}` } : {};
  },
};
const ANSWERS = ['of Adobe', 'of Bosch', 'of Cisco', null] as const;

describe('the checker of L10, L11, L12, L14 and L15', () => {
  let job: HandMadeJob;
  let workspaces = 0;
  beforeAll(async () => {
    job = await HandMadeJob.start();
  });
  afterAll(() => job.stop());

  /** A job whose pages are open and whose first `settled` cells have their answer. */
  async function running(settled: number, pages: readonly (readonly [number, number])[] = [[1, 4]]): Promise<string> {
    const workspace = `ws_${(workspaces += 1)}`;
    await job.accepted(workspace);
    await job.state(workspace, 'running');
    for (const [pageNo, range] of pages.entries()) await job.open(workspace, pageNo, range);
    for (const [index, value] of ANSWERS.slice(0, settled).entries()) await job.settle(workspace, index + 1, value);
    return workspace;
  }

  async function complete(workspace: string): Promise<void> {
    await job.state(workspace, 'completing');
    await job.state(workspace, 'completed');
  }

  async function undo(workspace: string): Promise<void> {
    await job.state(workspace, 'compensating');
    await job.restore(workspace);
    await job.state(workspace, 'cancelled');
  }

  const judge = async (workspace: string, outside: Partial<Outside> = {}): Promise<Violation[]> =>
    checkLaws({
      workspaces: [await job.evidence(workspace)],
      truth: TRUTH,
      outside: { calls: [], records: [], piledUp: false, ...outside },
    });
  const lawsOf = (violations: readonly Violation[]): string[] => [...new Set(violations.map(({ law }) => law))].sort();

  test('finds nothing where a job filled its cells, or was undone', async () => {
    const [filled, undone] = [await running(4), await running(3)];
    await complete(filled);
    await undo(undone);
    expect(await judge(filled)).toEqual([]);
    expect(await judge(undone)).toEqual([]);
  });

  test('L10: a value that was written over a cell without a version is found', async () => {
    const workspace = await running(4);
    await complete(workspace);
    await job.app.rows(`update cell set value = '"other"' where workspace_id = $1 and row_id = 'row_1'`, [workspace]);
    expect(await judge(workspace)).toMatchObject([{ law: 'L10', rowId: 'row_1' }]);
  });

  test("L10: a late result over a user's edit is found", async () => {
    const workspace = await running(0);
    await job.app.rows(
      `with version as (insert into cell_version (workspace_id, list_id, row_id, column_id, status, value, author)
         select $1, $1, row_id, column_id, 'filled', '"mine"', 'user' from cell where workspace_id = $1 and row_id = 'row_1' returning id)
       update cell set status = 'filled', value = '"mine"', edited = true, version_id = version.id from version
       where workspace_id = $1 and row_id = 'row_1'`,
      [workspace],
    );
    await job.settle(workspace, 1, ANSWERS[0]);
    expect(lawsOf(await judge(workspace))).toEqual(['L10']);
  });

  test('L10: a version that was changed, and a job that left a final state, are found', async () => {
    const workspace = await running(4);
    await complete(workspace);
    await job.app.rows('alter table cell_version disable trigger cell_version_append_only');
    await job.app.rows('update cell_version set attempt = 9 where workspace_id = $1', [workspace]);
    await job.app.rows('alter table cell_version enable trigger cell_version_append_only');
    await job.state(workspace, 'running');
    const found = await judge(workspace);
    expect(lawsOf(found)).toEqual(['L10']);
    expect(found).toContainEqual(expect.objectContaining({ detail: 'The job went from completed to running' }));
  });

  test("L11: another row's value, and a not_found of what is known, are found", async () => {
    const workspace = await running(0);
    await job.settle(workspace, 1, ANSWERS[1]);
    await job.settle(workspace, 2, null);
    const found = await judge(workspace);
    expect(lawsOf(found)).toEqual(['L11']);
    expect(found.map(({ rowId }) => rowId)).toEqual(['row_1', 'row_2']);
  });

  test('L12: a cell that an undone job left filled, and its version, are found', async () => {
    const workspace = await running(4);
    await job.state(workspace, 'compensating');
    await job.state(workspace, 'failed');
    const found = await judge(workspace);
    expect(lawsOf(found)).toEqual(['L12']);
    expect(found).toContainEqual(
      expect.objectContaining({ rowId: 'row_1', detail: 'The cell is not what it was before the job' }),
    );
  });

  test('L14: a cell that cost something for nothing, and one without a reason, are found', async () => {
    const workspace = await running(4);
    await job.app.rows('alter table cell_version disable trigger user');
    await job.app.rows(
      `update cell_version set cost = 1, reason = '{"code": "x"}' where workspace_id = $1 and status = 'not_found'`,
      [workspace],
    );
    await job.app.rows('alter table cell_version enable trigger user');
    const details = (await judge(workspace)).map(({ detail }) => detail);
    expect(details).toEqual([
      expect.stringMatching(/is not_found and costs 1$/),
      expect.stringMatching(/without a reason that a person understands$/),
    ]);
  });

  test('L15: a row between two pages, one in both, and a wrong count are found', async () => {
    const gap = await running(0, [
      [1, 1],
      [3, 4],
    ]);
    const overlap = await running(0, [[1, 4]]);
    await job.app.rows(
      `insert into job_page (workspace_id, job_id, page_no, stage_no, from_row_no, to_row_no, state, cells, claimed)
       values ($1, $2, 1, 0, 4, 4, 'open', 3, 0)`,
      [overlap, jobOf(overlap)],
    );
    await complete(gap);
    expect(await judge(gap)).toContainEqual(expect.objectContaining({ law: 'L15', detail: 'Row 2 lies in 0 pages' }));
    const found = await judge(overlap);
    expect(lawsOf(found)).toEqual(['L15']);
    expect(found).toContainEqual(expect.objectContaining({ detail: 'Row 4 lies in 2 pages' }));
    expect(found).toContainEqual(expect.objectContaining({ detail: 'Page 1 counts 3 cells, its rows have 1' }));
  });
});
