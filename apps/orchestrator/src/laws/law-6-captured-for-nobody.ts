import type { Database } from '../database/database.js';
import { inCredits } from '../credits/in-credits.js';
import type { LedgerEntry } from './billing-audit.client.js';
import type { Violation } from './law.js';

/** Captures kept at most: more would say no more. */
const MOST_CAPTURES = 1_000;

interface Captured extends Pick<LedgerEntry, 'holdId' | 'captureId' | 'reference'> {
  readonly credits: number;
}

/** Which of the references that captures of a page of the ledger are for are jobs of the workspace. */
export async function jobsOf(
  database: Database,
  workspaceId: string,
  entries: readonly LedgerEntry[],
): Promise<ReadonlySet<string>> {
  const references = new Set(entries.flatMap(({ holdReference }) => holdReference ?? []));
  if (references.size === 0) return references;
  const jobs = await database.inWorkspace(workspaceId, (sql) =>
    sql.rows<{ id: string }>('select id from job where workspace_id = $1 and id = any ($2)', [
      workspaceId,
      [...references],
    ]),
  );
  return new Set(jobs.map(({ id }) => id));
}

/**
 * L6, of a ledger: what is captured is paid for a job of the workspace. The holds say for which, since that is where
 * captures are looked for. A capture that was refunded costs nobody anything, so it is judged at the end of the fold; a refund
 * whose capture was folded earlier says nothing here.
 */
export class CapturedForNobody {
  readonly #captured = new Map<string, Captured>();

  /** `jobIds` are the jobs of the workspace among the references of this page. */
  entry(entry: LedgerEntry, jobIds: ReadonlySet<string>): void {
    const { id, kind, amount, holdId, holdReference, captureId } = entry;
    const ofJob = holdReference !== null && jobIds.has(holdReference);
    if (ofJob || (kind !== 'capture' && kind !== 'refund')) return;
    const key = captureId ?? `entry ${id}`;
    const known = this.#captured.get(key);
    const credits = (known?.credits ?? 0) + (kind === 'capture' ? amount : -amount);
    if (credits <= 0) this.#captured.delete(key);
    else if (known || this.#captured.size < MOST_CAPTURES) {
      this.#captured.set(key, { holdId, captureId, reference: holdReference ?? entry.reference, credits });
    }
  }

  *end(): Generator<Violation> {
    for (const { holdId, captureId, reference, credits } of this.#captured.values()) {
      yield {
        ...{ law: 'L6', kind: 'captured_for_unknown_job' },
        detail: `Billing captured ${inCredits(credits)} for ${reference}, which is no job of this workspace`,
        ...(holdId !== null && { holdId }),
        ...(captureId !== null && { captureId }),
      };
    }
  }
}
