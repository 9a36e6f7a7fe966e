import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { crm, CRM_UPSERT, type CrmCompany } from '../src/crm.js';
import { describeWith } from '../src/describe-with.js';
import { type LoggedLookUp, sandbox } from '../src/sandbox.js';
import { companiesWithDomains, FOUR_TEAMS, shownFacts, type SixColumnList, sixColumns } from '../src/six-columns.js';
import { everythingHealthy, kill, restarted } from '../src/stack-control.js';
import type { Job } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

/** A first page of 20 rows, and a second one that takes five times as long. */
const ROWS = 120;
/** Every third company is in the CRM beforehand. */
const KNOWN_EVERY = 3;
const CREDITS = 10_000;
const KILLS = 3;
/** Longer than a look at the log and a kill take: the answer to a write is on its way all the while. */
const ANSWER_TAKES_MS = 20_000;

describeWith(FOUR_TEAMS, 'what a job wrote to the CRM', () => {
  const entities = companiesWithDomains(ROWS);
  let workspace: Workspace;
  let list: SixColumnList;
  let before: Map<string, CrmCompany>;

  beforeAll(everythingHealthy);
  beforeEach(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    const known = entities.filter((_, index) => index % KNOWN_EVERY === 0);
    const former = { name: 'A former name', industry: 'A former industry', city: 'Springfield' };
    await crm.write(new Map(known.map(({ Domain }) => [Domain, former])));
    before = await crm.companies();
    workspace = await Workspace.create('CRM', CREDITS);
    list = await sixColumns(workspace, entities);
  });
  afterAll(() => sandbox.reset(1));

  const contentOf = (companies: ReadonlyMap<string, CrmCompany>): Map<string, CrmCompany['properties']> =>
    new Map([...companies].sort().map(([domain, { properties }]) => [domain, properties]));

  /** Writes since the mark that changed a record. */
  async function writesSince(mark: number): Promise<LoggedLookUp[]> {
    return (await sandbox.lookUpsSince(mark)).filter(({ effect }) => effect === 'created' || effect === 'updated');
  }

  /** Kills the worker of the CRM when it has written and not heard the answer. */
  async function killAfterWrite(): Promise<void> {
    const mark = await sandbox.mark();
    const slow = {
      provider: 'hubspot',
      route: CRM_UPSERT,
      fault: 'slow_drip',
      params: { ms: ANSWER_TAKES_MS },
    } as const;
    await sandbox.faults([slow]);
    await waitUntil(async () => (await sandbox.lookUpsSince(mark)).some(({ effect }) => effect !== undefined), {
      timeoutMs: 60_000,
      what: 'a write to the CRM',
    });
    const before = kill('crm-worker');
    await sandbox.heal();
    await restarted(before);
  }

  /** Every cell is what it was, every capture is refunded and the books are closed. */
  async function nothingHappenedHere(job: Job): Promise<void> {
    for (const row of await workspace.rows(list.list.id)) {
      expect(Object.values(row.cells).filter(({ status }) => status !== 'blank')).toEqual([]);
    }
    expect(await workspace.credits()).toEqual({ granted: CREDITS, available: CREDITS, held: 0, spent: 0 });
    expect(await workspace.books(job.id)).toMatchObject({
      ...{ closed: true, openHolds: 0, pendingCells: 0, capturedCells: 0, differences: [] },
    });
    expect(job.credits.refunded).toBe(job.credits.captured);
  }

  test('is taken back to the field when its last page fails, but for records that somebody changed meanwhile', async () => {
    await sandbox.latency(700, 700, ['openai']);
    const { id } = await workspace.fill(list.list.id, list.columns);
    // The first page is there and paid for, the last one is not written yet.
    await workspace.jobWhen(id, 'to have paid for a page', ({ credits }) => credits.captured > 0);
    const written = await crm.companies();
    const changed = entities.slice(0, 5).map(({ Domain }) => Domain);
    await crm.write(new Map(changed.map((domain) => [domain, { name: 'Renamed by hand', uno_notes: 'Called them' }])));
    const whileRunning = await crm.companies();
    await sandbox.faults([{ provider: 'hubspot', route: CRM_UPSERT, fault: 'server_error' }]);
    const job = await workspace.finalJob(id);
    expect(job).toMatchObject({
      state: 'failed',
      failure: { service: 'crm', code: expect.stringMatching(/^provider_/) },
    });
    expect(job.credits.refunded).toBeGreaterThan(0);
    for (const hits of await sandbox.faultHits()) expect(hits).toBeGreaterThan(0);
    await nothingHappenedHere(job);

    const expected = contentOf(before);
    for (const domain of changed) expected.set(domain, whileRunning.get(domain)?.properties ?? {});
    expect(changed.filter((domain) => written.has(domain))).toEqual(changed);
    expect(contentOf(await crm.companies())).toEqual(new Map([...expected].sort()));
    expect(job.reverts).toMatchObject({ changedMeanwhile: changed.length, open: 0 });
    const effects = await workspace.effects(id);
    const reported = effects.filter(({ outcome }) => outcome === 'changed_meanwhile');
    expect(reported.map(({ target }) => target.value).sort()).toEqual([...changed].sort());
    expect(effects.filter(({ outcome }) => outcome === null)).toEqual([]);
  });

  test('stands there once although its worker is killed after each of some writes, and is told apart as created or updated', async () => {
    const mark = await sandbox.mark();
    const { id } = await workspace.fill(list.list.id, list.columns);
    for (let round = 0; round < KILLS; round += 1) await killAfterWrite();
    const job = await workspace.finalJob(id);
    expect(job).toMatchObject({ state: 'completed', totals: { open: 0, pending: 0, error: 0 } });
    expect(await workspace.books(id)).toMatchObject({ closed: true, differences: [] });
    // Throws where a company is there twice.
    const after = await crm.companies();
    expect([...after.keys()].sort()).toEqual(entities.map(({ Domain }) => Domain).sort());
    const effective = (await writesSince(mark)).map(({ idempotencyKey }) => idempotencyKey);
    expect(effective).toHaveLength(new Set(effective).size);
    const rows = await workspace.rows(list.list.id);
    expect(rows.map(({ cells }) => cells[list.byName.CRM.id]?.value)).toEqual(
      entities.map(({ Domain }) => ({
        recordId: after.get(Domain)?.id,
        outcome: before.has(Domain) ? 'updated' : 'created',
      })),
    );
    expect(shownFacts(rows, list).size).toBe(ROWS);
  });

  test('is taken back to the field although its worker is killed after a write, and again while it takes it back', async () => {
    const { id } = await workspace.fill(list.list.id, list.columns);
    await killAfterWrite();
    // So that the undo is met in the middle.
    await sandbox.latency(500);
    expect((await workspace.ask('POST', `/v1/jobs/${id}/cancel`, { body: {} })).status).toBe(202);
    await workspace.jobWhen(id, 'to be undone', ({ state }) => state === 'compensating');
    await restarted(kill('crm-worker'));
    const job = await workspace.finalJob(id);
    expect(job.state).toBe('cancelled');
    await nothingHappenedHere(job);
    expect(contentOf(await crm.companies())).toEqual(contentOf(before));
    expect(job.reverts).toMatchObject({ changedMeanwhile: 0, open: 0 });
    expect(job.reverts?.records).toBeGreaterThan(0);
  });
});
