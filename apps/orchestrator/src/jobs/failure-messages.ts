import type { CompensationCause } from '@uno/workflow-contracts';
import { PROVIDER_FAILURE_MESSAGES } from './provider-failure-messages.js';

/** Sentences for people, by failure code. Page failures bring their own sentence from the worker's catalogue. */
const MESSAGES: Readonly<Record<string, string>> = {
  ...PROVIDER_FAILURE_MESSAGES,
  insufficient_credits:
    'There are not enough credits for this job. Grant credits or lower its maximum, then start it again.',
  contract_violation: 'A service answered in a way that its contract does not allow. Its team must look at it.',
  page_api_refused: 'A worker was refused by the orchestrator. Its service key or its version must be checked.',
  billing_refused: 'Billing does not accept what this job wants to pay. Its team must look at it.',
  hold_ended:
    'The credits held for this job were released outside of it, so it could not pay for its cells. Start it again.',
  service_absent:
    'No worker of the service "{service}" has begun this page for longer than the service may be absent. Ask its team to start a worker, then fill the cells again.',
  workflow_lost:
    'The workflow of this job was ended from outside or lost, so the job was undone: its cells are as before and nothing was paid. Start it again.',
  workflow_terminated:
    "Somebody or something ended a team's workflow of this job from outside, so the job was undone. Find out who, then start it again.",
  cancelled: 'The job was cancelled.',
  internal: 'The job could not go on because of an unexpected error.',
};

export interface JobFailure {
  readonly code: string;
  readonly message: string;
  readonly service?: string;
  readonly page?: number;
  readonly step?: number;
  readonly errorId?: string;
}

/** The failure as a person reads it; `pageMessage` is the sentence stored under its error id. */
export function describeFailure(failure: NonNullable<CompensationCause['failure']>, pageMessage?: string): JobFailure {
  const sentence = pageMessage ?? MESSAGES[failure.code] ?? MESSAGES['internal'] ?? '';
  const message = sentence.replace('{service}', failure.service ?? '');
  return {
    code: failure.code,
    message,
    ...(failure.service !== undefined && { service: failure.service }),
    ...(failure.page !== undefined && { page: failure.page }),
    ...(failure.step !== undefined && { step: failure.step }),
    ...(failure.errorId !== undefined && { errorId: failure.errorId }),
  };
}
