import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountView } from '../../src/accounts/account.schema.js';
import { AccountLock } from '../../src/accounts/account-lock.js';
import type { Queryable } from '../../src/database/database.js';
import { IdempotentCommands } from '../../src/idempotency/idempotent-commands.js';
import { CONNECTIONS, LedgerUnderTest } from './ledger-under-test.js';
import { nothingSeen, obeysTheLaws } from './obey-laws.js';

const SCHEDULES = 200;
const TIMEOUT_MILLISECONDS = 600_000;

let ledger: LedgerUnderTest;
afterEach(async () => {
  await ledger.stop();
});

describe('laws L1 to L5 and L8', () => {
  test(
    'hold in every snapshot of concurrent random requests',
    async () => {
      ledger = await LedgerUnderTest.start();
      const seen = nothingSeen();
      await fc.assert(obeysTheLaws(ledger, seen), { numRuns: SCHEDULES, endOnFailure: true });
      const outcomes = Object.fromEntries([...seen.outcomes].sort());
      process.stdout.write(
        `laws: ${seen.schedules} schedules over ${CONNECTIONS} connections, ${seen.snapshots} snapshots, ${JSON.stringify(outcomes)}\n`,
      );
      expect(seen.schedules).toBeGreaterThanOrEqual(SCHEDULES);
      expect(outcomes).toMatchObject({
        'grant 201': expect.any(Number),
        'hold 201': expect.any(Number),
        'hold 402 insufficient_credits': expect.any(Number),
        'hold 409 reference_closed': expect.any(Number),
        'capture 201': expect.any(Number),
        'capture 409 hold_ended': expect.any(Number),
        'capture 409 reference_closed': expect.any(Number),
        'capture 409 request_running': expect.any(Number),
        'capture 503 crashed': expect.any(Number),
        'capture 422 exceeds_hold': expect.any(Number),
        'capture 422 idempotency_key_reused': expect.any(Number),
        'close 200': expect.any(Number),
        'renew 200': expect.any(Number),
        'refund 201': expect.any(Number),
        'refund 409 already_refunded': expect.any(Number),
      });
    },
    TIMEOUT_MILLISECONDS,
  );
});

/** An account lock that reads the account and does not wait for anybody. */
class NoLock extends AccountLock {
  protected override async lock(connection: Queryable, accountId: string): Promise<AccountView | undefined> {
    const read = await connection.query<AccountView>(
      'select id, granted, available, held, spent from account where id = $1',
      [accountId],
    );
    return read.rows[0];
  }
}

/** Commands whose keys nobody locks while they run. */
class NoKeyLock extends IdempotentCommands {
  protected override async lockKey(): Promise<void> {}
}

describe('the property', () => {
  test(
    'finds the races of a ledger without its account lock',
    async () => {
      ledger = await LedgerUnderTest.start({ lock: new NoLock() });
      expect(await firstViolation('L4 no hold is open under a closed reference')).toContain('L4');
    },
    TIMEOUT_MILLISECONDS,
  );

  test(
    'finds a cell version that is paid twice once neither lock nor constraint is in the way',
    async () => {
      ledger = await LedgerUnderTest.start({ lock: new NoLock() });
      await ledger.admin.query('alter table capture_line drop constraint capture_line_pkey');
      expect(await firstViolation('L6 a cell version is captured once')).toContain('L6');
    },
    TIMEOUT_MILLISECONDS,
  );

  test(
    'finds a request that has its effect twice once neither lock nor constraint is in the way',
    async () => {
      ledger = await LedgerUnderTest.start({ Commands: NoKeyLock });
      await ledger.admin.query('alter table idempotent_request drop constraint idempotent_request_pkey');
      expect(await firstViolation('effects of kind')).toContain('L5');
    },
    TIMEOUT_MILLISECONDS,
  );
});

/** The first thing that the property finds among what mentions `law`, or nothing after all schedules. */
async function firstViolation(law: string): Promise<string> {
  const seen = nothingSeen();
  const property = obeysTheLaws(ledger, seen);
  for (let run = 0; run < SCHEDULES; run += 1) {
    const { errorInstance } = await fc.check(property, { numRuns: 1, endOnFailure: true });
    const broken = errorInstance instanceof Error ? errorInstance.message.split('\n') : [];
    const found = broken.find((line) => line.includes(law));
    if (found !== undefined) {
      process.stdout.write(`laws: planted race found after ${seen.schedules} schedules: ${found}\n`);
      return found;
    }
  }
  return '';
}
