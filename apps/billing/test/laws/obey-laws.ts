import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { brokenAnswers, brokenLaws, ledgerDigest } from './laws.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import type { Exchange } from './run-schedule.js';
import { runSchedule } from './run-schedule.js';
import type { Schedule } from './schedule.js';
import { schedules } from './schedule.js';

/** What was seen over all schedules, so that a green run can be shown not to be empty. */
export interface Seen {
  schedules: number;
  snapshots: number;
  readonly outcomes: Map<string, number>;
}

export function nothingSeen(): Seen {
  return { schedules: 0, snapshots: 0, outcomes: new Map() };
}

/** The property: whatever is asked concurrently, the laws hold in every snapshot and the answers are right. */
export function obeysTheLaws(ledger: LedgerUnderTest, seen: Seen): fc.IAsyncProperty<[Schedule]> {
  return fc.asyncProperty(schedules, async (schedule) => {
    const account = `ws_${randomUUID()}`;
    const observer = observe(ledger, account);
    const exchanges = await runSchedule(ledger, account, schedule).finally(() => observer.stop());
    const { snapshots, broken } = await observer.result;
    count(seen, exchanges, snapshots);
    broken.push(...(await brokenLaws(ledger.admin, account)));
    broken.push(...(await brokenAnswers(ledger.admin, account, exchanges)));
    if (broken.length > 0) {
      throw new Error([...new Set(broken)].join('\n'));
    }
  });
}

/** Reads the laws and the past of the ledger again and again while the schedule runs. */
function observe(ledger: LedgerUnderTest, account: string) {
  let stopped = false;
  const watch = async (): Promise<{ snapshots: number; broken: string[] }> => {
    const broken: string[] = [];
    let snapshots = 0;
    let past = await ledgerDigest(ledger.admin, account);
    while (!stopped) {
      broken.push(...(await brokenLaws(ledger.admin, account)));
      const { digest } = await ledgerDigest(ledger.admin, account, past.last);
      if (past.last !== '0' && digest !== past.digest) {
        broken.push('L3 the past of the ledger changed');
      }
      past = await ledgerDigest(ledger.admin, account);
      snapshots += 1;
    }
    return { snapshots, broken };
  };
  return { result: watch(), stop: () => (stopped = true) };
}

function count(seen: Seen, exchanges: readonly Exchange[], snapshots: number): void {
  seen.schedules += 1;
  seen.snapshots += snapshots;
  for (const { kind, status, code } of exchanges) {
    const outcome = [kind, status, ...(code === undefined ? [] : [code])].join(' ');
    seen.outcomes.set(outcome, (seen.outcomes.get(outcome) ?? 0) + 1);
  }
}
