import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmConfig } from '@uno/crm-contract';
import { SandboxProcess } from '@uno/testing';
import { PageFailed } from '@uno/worker-kit';
import { companies, COMPANIES, JOB, SandboxCrm } from './fixtures/sandbox-crm.js';

const UPSERT = '/crm/v3/objects/companies/batch/upsert';
/** A second column that writes the same records. */
const PHONES: CrmConfig = { object: 'company', matchOn: 'domain', map: { phone: 'col_industry' } };

let sandbox: SandboxProcess;
let crm: SandboxCrm;
const { signal } = new AbortController();

beforeAll(async () => {
  sandbox = await SandboxProcess.start();
});

afterAll(async () => {
  await sandbox.stop();
});

/** The first three of six companies are there before the job. */
beforeEach(async () => {
  await sandbox.reset('1');
  crm = new SandboxCrm(sandbox, { retryBudgetSeconds: 0.5 });
  await crm.write('c0.com', { name: 'Zero', industry: 'Mining', city: 'Austin' });
  await crm.write('c1.com', { city: 'Boston' });
  await crm.write('c2.com', { name: 'Company 2', industry: 'Retail' });
});

const liveRecords = async () =>
  (await crm.records()).filter(({ archived }) => !archived).map(({ id, properties }) => ({ id, properties }));

/** Emptied properties are null, as they were before they were ever set. */
const known = (records: Awaited<ReturnType<typeof liveRecords>>) =>
  records.map(({ id, properties }) => ({
    id,
    properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null)),
  }));

const outcomes = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await crm.revert()).map(({ target, outcome }) => [target.value, outcome]));

describe('taking writes back', () => {
  test('leaves the CRM as it was, to the field', async () => {
    const before = known(await liveRecords());
    await crm.fill(companies(6), { crm: COMPANIES });
    await crm.fill(companies(6, 'Renamed'), { crm: COMPANIES });
    expect(await outcomes()).toEqual({
      'c0.com': 'restored',
      'c1.com': 'restored',
      'c2.com': 'restored',
      'c3.com': 'archived',
      'c4.com': 'archived',
      'c5.com': 'archived',
    });
    expect(known(await liveRecords())).toEqual(before);
  });

  test('leaves untouched, and reports, what somebody changed meanwhile', async () => {
    await crm.fill(companies(6), { crm: COMPANIES });
    await crm.write('c0.com', { name: 'By hand' });
    await crm.write('c3.com', { industry: 'By hand' });
    // Something that the job did not write may change.
    await crm.write('c1.com', { phone: '7' });
    const fourth = (await crm.records())[4]?.id ?? '';
    await crm.provider.archive('company', [fourth], signal);
    const second = (await crm.records())[1]?.id ?? '';
    const changed = (await crm.records()).filter(({ properties }) => Object.values(properties).includes('By hand'));
    expect(await outcomes()).toEqual({
      'c0.com': 'changed_meanwhile',
      'c1.com': 'restored',
      'c2.com': 'unchanged',
      'c3.com': 'changed_meanwhile',
      'c4.com': 'unchanged',
      'c5.com': 'archived',
    });
    const after = await crm.records();
    expect(after.filter(({ properties }) => Object.values(properties).includes('By hand'))).toEqual(changed);
    expect(after.find(({ id }) => id === second)?.properties).toMatchObject({ city: 'Boston', name: null, phone: '7' });
  });

  test('of a record that somebody deleted reports it', async () => {
    await crm.fill(companies(1), { crm: COMPANIES });
    await crm.provider.archive('company', [(await crm.records())[0]?.id ?? ''], signal);
    expect(await outcomes()).toEqual({ 'c0.com': 'changed_meanwhile' });
  });

  test('that never came about, or are taken back already, changes nothing', async () => {
    await sandbox.setFaults([{ provider: 'hubspot', route: UPSERT, fault: 'server_error' }]);
    await expect(crm.fill(companies(4), { crm: COMPANIES })).rejects.toThrow(PageFailed);
    await sandbox.setFaults([]);
    const before = await crm.records();
    expect(new Set(Object.values(await outcomes()))).toEqual(new Set(['unchanged']));
    expect(await crm.records()).toEqual(before);
  });

  test.each([
    ['over its own values', companies(4, 'Renamed'), { crm: COMPANIES }],
    ['beside them', companies(4), { other: PHONES }],
  ])('reaches a record that the job wrote more than once, %s, and not the last time', async (_, again, columns) => {
    const before = known(await liveRecords());
    await crm.fill(companies(4), { crm: COMPANIES });
    await sandbox.setFaults([{ provider: 'hubspot', route: UPSERT, fault: 'server_error' }]);
    const rows = again.map((row) => ({ ...row, columnIds: Object.keys(columns) }));
    await expect(crm.fill(rows, columns)).rejects.toThrow(PageFailed);
    await sandbox.setFaults([]);
    expect(await outcomes()).toEqual({
      'c0.com': 'restored',
      'c1.com': 'restored',
      'c2.com': 'unchanged',
      'c3.com': 'archived',
    });
    expect(known(await liveRecords())).toEqual(before);
  });

  test('leaves a record alone that somebody made while the write never came about', async () => {
    await sandbox.setFaults([{ provider: 'hubspot', route: UPSERT, fault: 'server_error' }]);
    await expect(crm.fill(companies(4), { crm: COMPANIES })).rejects.toThrow(PageFailed);
    await sandbox.setFaults([]);
    await crm.write('c3.com', { phone: '7' });
    expect(await outcomes()).toMatchObject({ 'c3.com': 'changed_meanwhile' });
    expect(await liveRecords()).toHaveLength(4);
  });

  test('is repeated without harm when it was killed before it could say so', async () => {
    await crm.fill(companies(6), { crm: COMPANIES });
    const { close } = crm.journal;
    crm.journal.close = () => 0;
    await crm.revert();
    crm.journal.close = close;
    const after = await crm.records();
    expect(new Set(Object.values(await outcomes()))).toEqual(new Set(['unchanged']));
    expect(await crm.records()).toEqual(after);
  });

  test.each(['read', 'update', 'archive'])('goes through faults of %s that pass', async (action) => {
    await crm.fill(companies(6), { crm: COMPANIES });
    const route = `/crm/v3/objects/companies/batch/${action}`;
    await sandbox.setFaults(
      ['reset_after_count', 'partial_batch', 'wrong_schema'].map((fault) => ({
        ...{ provider: 'hubspot', route, fault, times: 1 },
      })),
    );
    const told = await outcomes();
    expect(await sandbox.faultHits()).toEqual([1, 1, 1]);
    expect(Object.keys(told)).toHaveLength(6);
    expect(known(await liveRecords())).toMatchObject([
      { properties: { name: 'Zero', industry: 'Mining', city: 'Austin' } },
      { properties: { city: 'Boston' } },
      { properties: { name: 'Company 2' } },
    ]);
    for (const { effect } of crm.journal.entries) expect(crm.journal.outcomeOf(JOB, effect.target)).toBeDefined();
  });

  test.each([
    ['read', 'server_error', undefined, 'provider_unavailable'],
    ['update', 'html_body', undefined, 'provider_answered_page'],
    ['update', 'item_error', { code: 'VALIDATION_ERROR', share: 0.1 }, 'provider_refused_row'],
    ['archive', 'item_error', { code: 'INTERNAL_ERROR', share: 0.1 }, 'provider_unavailable'],
    ['archive', 'unauthorized', undefined, 'provider_unauthorized'],
  ])(
    'fails when %s goes on to fail by %s, and a later try takes the rest back',
    async (action, fault, params, code) => {
      const before = known(await liveRecords());
      crm = new SandboxCrm(sandbox, { retryBudgetSeconds: fault === 'server_error' ? 0.5 : 5 });
      await crm.fill(companies(6), { crm: COMPANIES });
      const route = `/crm/v3/objects/companies/batch/${action}`;
      await sandbox.setFaults([{ provider: 'hubspot', route, fault, ...(params && { params }) }]);
      const failure = await crm.revert().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PageFailed);
      expect(failure).toMatchObject({ code, provider: 'hubspot', message: expect.stringMatching(/^HubSpot .+\.$/) });
      await sandbox.setFaults([]);
      expect(Object.keys(await outcomes())).toHaveLength(6);
      expect(known(await liveRecords())).toEqual(before);
    },
  );
});
