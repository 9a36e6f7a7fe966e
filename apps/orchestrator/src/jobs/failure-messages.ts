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
    'The credits held for this job were released outside of it, so it could pay for nothing more and was undone: {undone}. Start it again.',
  service_absent:
    'No worker of the service "{service}" has begun this page for longer than the service may be absent. Ask its team to start a worker, then fill the cells again.',
  workflow_lost:
    'The workflow of this job was ended from outside or lost, so the job was undone: {undone}. Start it again.',
  workflow_terminated:
    "Somebody or something ended a team's workflow of this job from outside, so the job was undone: {undone}. Find out who, then start it again.",
  cancelled: 'The job was cancelled.',
  internal: 'The job could not go on because of an unexpected error.',
};

/** What an undo leaves, by its mode: sentences must not promise what only one of them does. */
const UNDONE: Readonly<Record<UndoMode, string>> = {
  rollback: 'its cells are as before and it cost nothing',
  keep: 'pages that were finished and paid stay, all other cells are as before',
};

export interface JobFailure {
  readonly code: string;
  readonly message: string;
  readonly service?: string;
  readonly page?: number;
  readonly step?: number;
  readonly errorId?: string;
}

/** How a job is undone; chosen with its request, one for a failure and one for a cancel. */
export type UndoMode = 'rollback' | 'keep';

/** The failure as a person reads it after an undo of that mode; `pageMessage` is the sentence stored under its error id. */
export function describeFailure(
  failure: NonNullable<CompensationCause['failure']>,
  mode: UndoMode,
  pageMessage?: string,
): JobFailure {
  const sentence = pageMessage ?? MESSAGES[failure.code] ?? MESSAGES['internal'] ?? '';
  const message = sentence.replace('{service}', failure.service ?? '').replace('{undone}', UNDONE[mode]);
  return {
    code: failure.code,
    message,
    ...(failure.service !== undefined && { service: failure.service }),
    ...(failure.page !== undefined && { page: failure.page }),
    ...(failure.step !== undefined && { step: failure.step }),
    ...(failure.errorId !== undefined && { errorId: failure.errorId }),
  };
}
