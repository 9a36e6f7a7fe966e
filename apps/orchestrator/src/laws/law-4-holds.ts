import { inCredits } from '../credits/in-credits.js';
import type { AccountRow, CaptureRow, HoldRow, LedgerEntry, ReferenceAudit } from './billing-audit.client.js';
import type { JobFacts } from './job-facts.js';
import type { Violation } from './law.js';

/** L4, of the holds of a settled job: closed for ever, each ended once and whole, and those that we asked for. */
export function* holdLaw(job: JobFacts, { closedAt, holds }: ReferenceAudit): Generator<Violation> {
  const { jobId } = job;
  const violation = (kind: string, detail: string, holdId?: string): Violation => ({
    ...{ law: 'L4', kind, detail, jobId },
    ...(holdId !== undefined && { holdId }),
  });
  if (closedAt === null) yield violation('reference_open', 'The job has ended, but billing would still hold for it');
  for (const hold of holds) {
    for (const [kind, detail] of faultsOf(hold)) yield violation(kind, detail, hold.id);
  }
  for (const ours of job.holds) {
    const theirs = holds.find(({ id, keys }) => id === ours.holdId || keys.includes(`hold:${jobId}:${ours.n}`));
    if (theirs === undefined && ours.holdId !== null)
      yield violation('hold_missing', `Hold ${ours.n} of ${inCredits(ours.amount)} is unknown to billing`, ours.holdId);
    else if (theirs !== undefined && theirs.amount !== ours.amount)
      yield violation('hold_amount', `Hold ${ours.n} is ${ours.amount} here, ${theirs.amount} at billing`, theirs.id);
  }
  if (holds.length > job.holds.length)
    yield violation('hold_unknown', `Billing has ${holds.length} holds of the job, it asked for ${job.holds.length}`);
}

function* faultsOf(hold: HoldRow): Generator<readonly [kind: string, detail: string]> {
  const { amount, captured, released, expired, state, posted, endings } = hold;
  if (state === 'open') yield ['hold_open', 'The job has ended, but this hold is open'];
  else if (captured + released + expired !== amount)
    yield ['hold_not_whole', `${amount} were held, ${captured} captured, ${released} released, ${expired} expired`];
  if (endings > 1) yield ['hold_ended_twice', `The ledger ends it ${endings} times`];
  const said = { hold: amount, capture: captured, release: released, expire: expired };
  for (const [kind, credits] of Object.entries(said)) {
    if ((posted[kind] ?? 0) === credits) continue;
    yield ['hold_posted', `The hold says ${credits} (${kind}), the ledger posted ${posted[kind] ?? 0}`];
  }
}

/** L4, of a hold against its captures: what it says it captured is what they add up to, and what the ledger posted. */
export class CapturedOfHolds {
  readonly #captured = new Map<string, number>();

  constructor(private readonly jobId: string) {}

  *capture({ id, holdId, amount, posted }: CaptureRow): Generator<Violation> {
    this.#captured.set(holdId, (this.#captured.get(holdId) ?? 0) + amount);
    if ((posted['capture'] ?? 0) === amount) return;
    const detail = `Capture ${id} is ${inCredits(amount)}, the ledger posted ${posted['capture'] ?? 0}`;
    yield { law: 'L4', kind: 'capture_posted', detail, jobId: this.jobId, captureId: id };
  }

  *end(holds: readonly HoldRow[]): Generator<Violation> {
    for (const { id, captured } of holds) {
      const sum = this.#captured.get(id) ?? 0;
      if (sum === captured) continue;
      const detail = `The hold says ${inCredits(captured)} captured, its captures add up to ${sum}`;
      yield { law: 'L4', kind: 'hold_captured_amount', detail, jobId: this.jobId, holdId: id };
    }
  }
}

/** L4, of an account in one snapshot: what is held is what its open holds have left. */
export function* heldLaw({ held, openHolds }: AccountRow): Generator<Violation> {
  if (held === openHolds) return;
  yield {
    law: 'L4',
    kind: 'held_without_hold',
    detail: `The account holds ${inCredits(held)}, its open holds have ${openHolds} left`,
  };
}

/** L4, of an entry: what is posted for a hold is for the reference of that hold. */
export function* referenceLaw({ id, holdId, reference, holdReference }: LedgerEntry): Generator<Violation> {
  if (holdId === null || (holdReference !== null && reference === holdReference)) return;
  const said = holdReference === null ? 'is unknown' : `is for ${holdReference}`;
  yield { law: 'L4', kind: 'hold_reference', detail: `Entry ${id} is for ${reference}, its hold ${said}`, holdId };
}
