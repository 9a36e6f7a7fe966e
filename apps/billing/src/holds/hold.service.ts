import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { AccountService } from '../accounts/account.service.js';
import { Database } from '../database/database.js';
import { Problem, problemDetails } from '../http/problem.js';
import type { Answer } from '../idempotency/answer.js';
import { done, refuse } from '../idempotency/answer.js';
import { IdempotentCommands } from '../idempotency/idempotent-commands.js';
import { postEntries } from '../ledger/ledger.js';
import * as holds from './hold.repository.js';
import type { CloseBody, CloseView, HoldBody, HoldsPage, HoldsQuery, HoldView, RenewBody } from './hold.schema.js';

/** Holds, from their making to the end of their reference. */
@Injectable()
export class HoldService {
  constructor(
    private readonly database: Database,
    private readonly commands: IdempotentCommands,
    private readonly accounts: AccountService,
  ) {}

  /**
   * Sets credits aside. Idempotent by key. A reference can have several holds, one after the other or side by side.
   * Refused with 409 `reference_closed` after the close of the reference, 402 `insufficient_credits` when short.
   */
  async hold(accountId: string, key: string, body: HoldBody): Promise<Answer<HoldView>> {
    return this.commands.run<HoldView>({ accountId, key, operation: 'hold', body }, async (connection, account) => {
      const { amount, reference, ttlSeconds } = body;
      if (await holds.isClosed(connection, accountId, reference)) {
        return referenceClosed();
      }
      if (account.available < amount) {
        return refuse(402, 'insufficient_credits', 'The account has fewer credits available than the hold requires.', {
          available: account.available,
          required: amount,
        });
      }
      const hold = await holds.insertHold(
        connection,
        { id: `hold_${ulid()}`, accountId, reference, amount },
        ttlSeconds,
      );
      await postEntries(connection, accountId, 'hold', [{ amount, reference, holdId: hold.id }]);
      return done(201, hold);
    });
  }

  /**
   * Ends the reference for ever and releases what its open holds have left. It succeeds whatever holds there are, none
   * included, and its answer is the same for ever.
   */
  async close(accountId: string, key: string, body: CloseBody): Promise<Answer<CloseView>> {
    return this.commands.run<CloseView>({ accountId, key, operation: 'close', body }, async (connection) => {
      const { reference } = body;
      await holds.closeReference(connection, accountId, reference);
      const ended = await holds.releaseHolds(connection, accountId, reference);
      const lines = ended.map((hold) => ({ amount: hold.released, reference, holdId: hold.id }));
      await postEntries(connection, accountId, 'release', lines);
      const all = await holds.listHolds(connection, accountId, reference);
      return done(200, { reference, released: all.reduce((sum, hold) => sum + hold.released, 0), holds: all });
    });
  }

  /**
   * Lets an open hold live at least `ttlSeconds` from now. Idempotent by key. Refused with 409 `hold_ended`.
   * @throws Problem 404 `hold_not_found`.
   */
  async renew(holdId: string, key: string, body: RenewBody): Promise<Answer<HoldView>> {
    const { accountId } = await this.require(holdId);
    const command = { accountId, key, operation: `renew ${holdId}`, body };
    return this.commands.run<HoldView>(command, async (connection) => {
      const hold = await holds.findHold(connection, holdId);
      return hold?.state === 'open'
        ? done(200, await holds.extendHold(connection, holdId, body.ttlSeconds))
        : holdEnded();
    });
  }

  /**
   * A page of the holds of a reference with their captures; empty where there are none. Once the reference is closed the
   * pages together are all of them; what is captured while they are read may be missing.
   * @throws Problem 404 `account_not_found`.
   */
  async list(accountId: string, { reference, limit, cursor }: HoldsQuery): Promise<HoldsPage> {
    await this.accounts.read(accountId);
    const [holdId, captureId = ''] = cursor?.split('.') ?? [];
    const after = holdId === undefined ? undefined : { holdId, captureId };
    const { holds: items, next } = await holds.listHoldsWithCaptures(
      this.database.pool,
      { accountId, reference },
      { after, limit },
    );
    return { items, nextCursor: next ? [next.holdId, next.captureId].filter(Boolean).join('.') : null };
  }

  /**
   * The hold as it is now, without a lock: who owns it never changes.
   * @throws Problem 404 `hold_not_found`.
   */
  async require(holdId: string): Promise<HoldView> {
    const hold = await holds.findHold(this.database.pool, holdId);
    if (hold === undefined) {
      throw new Problem(problemDetails(404, 'hold_not_found', 'There is no such hold.'));
    }
    return hold;
  }
}

/** The refusal of everything that comes after the close of a reference. */
export function referenceClosed(): Answer<never> {
  return refuse(409, 'reference_closed', 'The reference was closed. It takes no hold and no capture any more.');
}

/** The refusal of what needs an open hold. */
export function holdEnded(): Answer<never> {
  return refuse(409, 'hold_ended', 'The hold has expired or was released.');
}
