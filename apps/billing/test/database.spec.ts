import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestPool } from '@uno/testing';
import type pg from 'pg';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
let service: pg.Pool;
let account: string;
let hold: string;
let capture: string;
beforeAll(async () => {
  billing = await BillingServer.start();
  service = openTestPool(billing.databaseUrl);
  account = await billing.account(100);
  hold = await billing.hold(account, 10);
  const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [{ cellVersionId: 'a', amount: 2 }] });
  capture = reply.body.id;
  await billing.post(`/v1/captures/${capture}/refunds`, {});
  await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_2' });
});
afterAll(async () => {
  await service.end();
  await billing.stop();
});

const APPEND_ONLY = ['entry', 'posting', 'capture', 'capture_line', 'refund', 'closed_reference', 'idempotent_request'];

/** An entry of the account and what its postings say. */
const entry = (amount: number, postings: string) =>
  `with e as (insert into entry (account_id, kind, amount) values ('${account}', 'grant', ${amount}) returning id)
   insert into posting (entry_id, account_id, bucket, amount)
   select e.id, '${account}', p.bucket, p.amount from e, (values ${postings}) as p (bucket, amount)`;

describe('the database, even for its owner,', () => {
  test.each(APPEND_ONLY)('refuses to change or delete what is in %s', async (table) => {
    expect((await billing.admin.query(`select from ${table}`)).rowCount).toBeGreaterThan(0);
    for (const statement of [
      `update ${table} set account_id = account_id`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]) {
      await expect(billing.admin.query(statement)).rejects.toThrow(/append-only/);
    }
  });

  test('refuses an entry whose postings do not sum to zero or do not move its amount', async () => {
    await expect(billing.admin.query(entry(5, `('available', 5)`))).rejects.toThrow(/sum to zero/);
    await expect(billing.admin.query(entry(5, `('available', 5), ('granted', -4)`))).rejects.toThrow(/sum to zero/);
    await expect(billing.admin.query(entry(5, `('available', 4), ('granted', -4)`))).rejects.toThrow(/sum to zero/);
  });

  test('refuses a negative balance', async () => {
    const overdraft = entry(500, `('available', -500), ('spent', 500)`);
    await expect(billing.admin.query(overdraft)).rejects.toThrow(/account_never_negative/);
  });

  test('refuses to delete a hold or an account', async () => {
    await expect(billing.admin.query('delete from hold')).rejects.toThrow(/append-only/);
    await expect(billing.admin.query('delete from account')).rejects.toThrow(/append-only/);
  });

  test('refuses a hold that ends twice, ends with credits left over, or changes its amount', async () => {
    const change = (set: string) => billing.admin.query(`update hold set ${set} where id = $1`, [hold]);
    await expect(change(`state = 'released', released = 3, ended_at = now()`)).rejects.toThrow(/hold_ends_once/);
    await expect(change('captured = 11')).rejects.toThrow(/hold_ends_once/);
    await expect(change('captured = 1')).rejects.toThrow(/keeps its amount/);
    await expect(change('amount = 11')).rejects.toThrow(/keeps its amount/);
    const ended = await billing.hold(account, 1, 'job_3');
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_3' });
    await expect(
      billing.admin.query(`update hold set state = 'expired', released = 0, expired = 1 where id = $1`, [ended]),
    ).rejects.toThrow(/has ended/);
  });

  test('refuses a hold or a capture under a closed reference', async () => {
    await expect(
      billing.admin.query(
        `insert into hold (id, account_id, reference, amount, expires_at) values ('h', $1, 'job_2', 1, now())`,
        [account],
      ),
    ).rejects.toThrow(/reference is closed/);
    const closed = await billing.hold(account, 1, 'job_4');
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_4' });
    await expect(
      billing.admin.query(`insert into capture values ('c', $1, $2, 1, 1, 0)`, [account, closed]),
    ).rejects.toThrow(/reference is closed/);
  });

  test('refuses a second capture of a cell version, and a refund that is not its capture', async () => {
    await expect(
      billing.admin.query(
        `insert into capture_line (account_id, cell_version_id, capture_id, amount) values ($1, 'a', $2, 1)`,
        [account, capture],
      ),
    ).rejects.toThrow(/capture_line_pkey/);
    const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [{ cellVersionId: 'b', amount: 2 }] });
    await expect(
      billing.admin.query(`insert into refund (id, account_id, capture_id, amount) values ('r', $1, $2, 3)`, [
        account,
        reply.body.id,
      ]),
    ).rejects.toThrow(/refund_capture_id_account_id_amount_fkey/);
  });
});

describe("the service's role", () => {
  test.each([
    'update account set available = available + 1',
    "insert into account (id, granted, available) values ('x', 1, 1)",
    'update hold set amount = 1',
    'delete from entry',
    'truncate posting',
    'alter table posting disable trigger all',
    'create table mine ()',
  ])('may not %s', async (statement) => {
    await expect(service.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('owns nothing and cannot bypass anything', async () => {
    const role = await service.query(
      `select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user`,
    );
    expect(role.rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false }]);
    const owned = await service.query(`select from pg_class where relowner = current_user::regrole`);
    expect(owned.rowCount).toBe(0);
  });
});
