import { createHash } from 'node:crypto';
import type { EffectTarget } from '@uno/workflow-contracts';

/** A record at a provider, whichever page of a job writes it: digest of the service and of what finds the record there. */
export const recordOf = (serviceId: string, { object, idProperty, value }: EffectTarget): string =>
  createHash('sha256')
    .update(JSON.stringify([serviceId, object, idProperty, value]))
    .digest('hex');

/** What {@link recordOf} gives; keyset pages of records are cut by it. */
export const RECORD_PATTERN = /^[0-9a-f]{64}$/;

/**
 * Entries `e` of a job (workspace `$1`, job `$2`) that its undo takes back: those of pages that were restored, unless a page
 * that stays wrote the record later. What a page that stays wrote before is not touched either: the first `before` that
 * counts is the one after it.
 */
export const TAKEN_BACK = `
  effect e join job_page page on page.workspace_id = $1 and page.job_id = $2 and page.page_no = e.page_no
    and page.state = 'restored'
  where e.workspace_id = $1 and e.job_id = $2 and not exists (
    select from effect later join job_page kept on kept.workspace_id = $1 and kept.job_id = $2
      and kept.page_no = later.page_no and kept.state <> 'restored'
    where later.workspace_id = $1 and later.job_id = $2 and later.record = e.record and later.id > e.id)`;

/** The same, as far as nobody has reported yet how their revert ended. */
export const STILL_TO_REVERT = `${TAKEN_BACK} and not exists (
    select from effect_outcome known where known.workspace_id = $1 and known.job_id = $2 and known.record = e.record)`;
