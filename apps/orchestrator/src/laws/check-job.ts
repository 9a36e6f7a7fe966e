import type { JobRef } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { BillingAuditClient } from './billing-audit.client.js';
import type { Findings } from './findings.js';
import { pagesAsTheyStand, readOurCells, readSettledJob } from './job-facts.js';
import { CapturedOfHolds, holdLaw } from './law-4-holds.js';
import { OneEffectPerKey } from './law-5-keys.js';
import { PaidCells } from './law-6-paid-cells.js';
import { captureLaw } from './law-7-captures.js';
import { refundLaw } from './law-8-refunds.js';

/** Both databases, read for the laws. */
export interface Sources {
  readonly database: Database;
  readonly billing: BillingAuditClient;
}

export interface CheckedJob {
  readonly captures: number;
  readonly filled: number;
}

/**
 * Laws L4 to L8 of one settled job. Nothing of its money moves any more, so the two databases may be read one after the
 * other, a few captures and pages at a time. A job that is not settled is not judged.
 */
export async function checkJob({ database, billing }: Sources, ref: JobRef, findings: Findings): Promise<CheckedJob> {
  const job = await readSettledJob(database, ref);
  if (!job) return { captures: 0, filled: 0 };
  const { workspaceId, jobId } = job;
  const reference = await billing.reference(workspaceId, jobId);
  const keys = new OneEffectPerKey(jobId);
  const held = new CapturedOfHolds(jobId);
  const paid = new PaidCells(job);
  let captureCount = 0;
  findings.add(holdLaw(job, reference));
  for (const hold of reference.holds) findings.add(keys.hold(hold));
  for await (const captures of billing.captures(workspaceId, jobId)) {
    const ours = await readOurCells(database, workspaceId, captures);
    captureCount += captures.length;
    for (const capture of captures) {
      findings.add(held.capture(capture));
      findings.add(keys.capture(capture));
      findings.add(paid.capture(capture, ours));
      findings.add(captureLaw(job, capture, ours));
      findings.add(refundLaw(jobId, capture));
    }
  }
  findings.add(held.end(reference.holds));
  let filled = 0;
  for await (const pages of pagesAsTheyStand(database, ref)) {
    filled += pages.filled.length;
    findings.add(paid.filled(pages.filled));
    findings.add(paid.altered(pages.altered));
  }
  return { captures: captureCount, filled };
}
