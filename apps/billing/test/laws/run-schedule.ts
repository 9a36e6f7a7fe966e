import { randomUUID } from 'node:crypto';
import { isDatabaseAway } from '../../src/database/database-error.js';
import { Problem } from '../../src/http/problem.js';
import type { Answer } from '../../src/idempotency/answer.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import type { Command, Schedule } from './schedule.js';

/** What one caller asked and was told. `error` is set where the service failed instead of answering. */
export interface Exchange {
  readonly kind: Command['kind'];
  readonly key: string;
  /** Route, target and body: what the key stands for. */
  readonly request: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly answer: string;
  readonly error: string | undefined;
}

/** A request to send: what it is, and how. */
interface Request {
  readonly request: string;
  readonly send: (key: string) => Promise<Answer>;
}

/** Nobody knows whether a request that met a crash had its effect: it is asked again, with its key. */
const CRASHED = 503;

/** Gives the account credits and two holds, then runs the waves of the schedule one after the other. */
export async function runSchedule(ledger: LedgerUnderTest, account: string, schedule: Schedule): Promise<Exchange[]> {
  const exchanges = [await exchange('grant', 'first', grant(ledger, account, 40))];
  for (const reference of ['job_1', 'job_2']) {
    exchanges.push(await exchange('hold', `first:${reference}`, hold(ledger, account, reference, 12)));
  }
  for (const wave of schedule) {
    const holds = await ids(ledger, 'select id from hold where account_id = $1 order by id', account);
    const captures = await ids(ledger, 'select id from capture where account_id = $1 order by id', account);
    const running = wave.flatMap((command) => {
      if (command.kind === 'expire') {
        return [letExpire(ledger, pick(holds, command)).then(() => [])];
      }
      if (command.kind === 'crash') {
        return [ledger.crash().then(() => [])];
      }
      const request = toRequest(ledger, account, command, { holds, captures });
      const key = command.key ?? randomUUID();
      return request === undefined
        ? []
        : Array.from({ length: command.callers }, () => untilAnswered(command.kind, key, request));
    });
    exchanges.push(...(await Promise.all(running)).flat());
  }
  await endExpired(ledger, account);
  return exchanges;
}

function toRequest(
  ledger: LedgerUnderTest,
  account: string,
  command: Command,
  known: { readonly holds: readonly string[]; readonly captures: readonly string[] },
): Request | undefined {
  const { amount, reference, cells } = command;
  const holdId = pick(known.holds, command);
  const captureId = pick(known.captures, command);
  switch (command.kind) {
    case 'grant':
      return grant(ledger, account, amount + 1);
    case 'hold':
      return hold(ledger, account, reference, amount);
    case 'close':
      return { request: `close ${reference}`, send: (key) => ledger.holds.close(account, key, { reference }) };
    case 'renew':
      return {
        request: `renew ${holdId}`,
        send: (key) => ledger.holds.renew(holdId, key, { ttlSeconds: 3_600 }),
      };
    case 'capture': {
      const lines = cells.map((cellVersionId, index) => ({
        cellVersionId,
        amount: 1 + (index % 3),
        columnId: cellVersionId,
      }));
      return {
        request: `capture ${holdId} ${cells.join()}`,
        send: (key) => ledger.captures.capture(holdId, key, { lines }),
      };
    }
    case 'refund':
      return captureId === ''
        ? undefined
        : { request: `refund ${captureId}`, send: (key) => ledger.captures.refund(captureId, key) };
    case 'expire':
    case 'crash':
      return undefined;
  }
}

function grant(ledger: LedgerUnderTest, account: string, amount: number): Request {
  return { request: `grant ${amount}`, send: (key) => ledger.accounts.grant(account, key, { amount }) };
}

function hold(ledger: LedgerUnderTest, account: string, reference: string, amount: number): Request {
  const body = { amount, reference, ttlSeconds: 3_600 };
  return { request: `hold ${reference} ${amount}`, send: (key) => ledger.holds.hold(account, key, body) };
}

/** Asks until no crash is in the way; each try is an exchange. */
async function untilAnswered(kind: Command['kind'], key: string, request: Request): Promise<Exchange[]> {
  const tries = [await exchange(kind, key, request)];
  while (tries.at(-1)?.status === CRASHED) {
    tries.push(await exchange(kind, key, request));
  }
  return tries;
}

async function exchange(kind: Command['kind'], key: string, { request, send }: Request): Promise<Exchange> {
  const asked = { kind, key, request };
  try {
    const { status, body } = await send(key);
    const code = 'code' in body ? String(body.code) : undefined;
    return { ...asked, status, code, answer: JSON.stringify(body), error: undefined };
  } catch (error) {
    if (error instanceof Problem) {
      const { status, code } = error.details;
      return { ...asked, status, code, answer: '', error: undefined };
    }
    if (isDatabaseAway(error)) {
      return { ...asked, status: CRASHED, code: 'crashed', answer: '', error: undefined };
    }
    return { ...asked, status: 500, code: undefined, answer: '', error: String(error) };
  }
}

function pick(known: readonly string[], { target }: Command): string {
  return known[target % known.length] ?? '';
}

async function ids(ledger: LedgerUnderTest, statement: string, account: string): Promise<string[]> {
  const found = await ledger.admin.query<{ id: string }>(statement, [account]);
  return found.rows.map((row) => row.id);
}

/** A last touch, so that what has expired is ended; a connection may still be dying. */
async function endExpired(ledger: LedgerUnderTest, account: string): Promise<void> {
  try {
    await ledger.accounts.endExpired(account);
  } catch (error) {
    if (!isDatabaseAway(error)) {
      throw error;
    }
    await endExpired(ledger, account);
  }
}

async function letExpire(ledger: LedgerUnderTest, holdId: string): Promise<void> {
  await ledger.admin.query(
    `update hold set expires_at = clock_timestamp() - interval '1 second' where id = $1 and state = 'open'`,
    [holdId],
  );
}
