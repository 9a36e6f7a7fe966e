import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { Database } from '../database/database.js';
import { addCaptured, findHold, isClosed } from '../holds/hold.repository.js';
import { holdEnded, HoldService, referenceClosed } from '../holds/hold.service.js';
import { Problem, problemDetails } from '../http/problem.js';
import type { Answer } from '../idempotency/answer.js';
import { done, refuse } from '../idempotency/answer.js';
import { IdempotentCommands } from '../idempotency/idempotent-commands.js';
import { postEntries } from '../ledger/ledger.js';
import * as captures from './capture.repository.js';
import type { CaptureBody, CaptureView, RefundView } from './capture.schema.js';

/** Captures of holds, and their refunds. */
@Injectable()
export class CaptureService {
  constructor(
    private readonly database: Database,
    private readonly commands: IdempotentCommands,
    private readonly holds: HoldService,
  ) {}

  /**
   * Spends credits of a hold on cell versions. Idempotent by key, and by cell version: one that the account has paid,
   * under whatever key and hold, refunded since or not, counts as success and costs nothing, also after the hold's end.
   * Refused with 409 `reference_closed` or `hold_ended`, 422 `exceeds_hold`.
   * @throws Problem 404 `hold_not_found`.
   */
  async capture(holdId: string, key: string, body: CaptureBody): Promise<Answer<CaptureView>> {
    const { accountId, reference } = await this.holds.require(holdId);
    const command = { accountId, key, operation: `capture ${holdId}`, body };
    return this.commands.run<CaptureView>(command, async (connection) => {
      if (await isClosed(connection, accountId, reference)) {
        return referenceClosed();
      }
      const hold = await findHold(connection, holdId);
      const { lines } = body;
      const open = await captures.countOpenLines(connection, accountId, lines);
      if (hold?.state !== 'open' && open.count > 0) {
        return holdEnded();
      }
      if (hold !== undefined && open.amount > hold.amount - hold.captured) {
        return refuse(422, 'exceeds_hold', 'The lines cost more than the hold has left.', {
          available: hold.amount - hold.captured,
          required: open.amount,
        });
      }
      const id = `capture_${ulid()}`;
      const written = await captures.insertCapture(connection, { id, accountId, holdId }, open, lines);
      if (written !== open.count) {
        throw new Error('the lines of a capture changed under its lock');
      }
      if (open.amount > 0) {
        await addCaptured(connection, holdId, open.amount);
      }
      const groups = await captures.groupLines(connection, id);
      const entries = groups.map((group) => ({ ...group, reference, holdId, captureId: id }));
      await postEntries(connection, accountId, 'capture', entries);
      return done(201, { id, holdId, amount: open.amount, lines: written, alreadyCaptured: lines.length - written });
    });
  }

  /**
   * Gives the credits of a whole capture back, whatever became of its hold. Idempotent by key. Refused with 409
   * `already_refunded` under another key.
   * @throws Problem 404 `capture_not_found`.
   */
  async refund(captureId: string, key: string): Promise<Answer<RefundView>> {
    const capture = await captures.findCapture(this.database.pool, captureId);
    if (capture === undefined) {
      throw new Problem(problemDetails(404, 'capture_not_found', 'There is no such capture.'));
    }
    const { accountId, amount, holdId, reference } = capture;
    const command = { accountId, key, operation: `refund ${captureId}`, body: {} };
    return this.commands.run<RefundView>(command, async (connection) => {
      const id = `refund_${ulid()}`;
      if (!(await captures.insertRefund(connection, { id, accountId, captureId, amount }))) {
        return refuse(409, 'already_refunded', 'The capture was refunded under another Idempotency-Key.');
      }
      const groups = await captures.groupLines(connection, captureId);
      const entries = groups.map((group) => ({ ...group, reference, holdId, captureId }));
      await postEntries(connection, accountId, 'refund', entries);
      return done(201, { id, captureId, amount });
    });
  }
}
