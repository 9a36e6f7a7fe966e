import { ApplicationFailure } from '@temporalio/common';
import { CONTRACT_VIOLATION_FAILURE, SUPERSEDED, SUPERSEDED_FAILURE } from '@uno/workflow-contracts';
import type { z } from 'zod';

/** `type` of the non-retryable failure for a request that the Page API refuses for good. */
export const PAGE_API_REFUSED_FAILURE = 'PageApiRefused';

/** The answer was no answer: repeat the request. */
export class PageApiUnavailable extends Error {
  override readonly name = 'PageApiUnavailable';
}

const RETRYABLE_STATUS = new Set([408, 425, 429]);

/** What a refused request means. The failures carry status and code only: a detail could quote what was sent. */
export function refusal(operation: string, status: number, body: unknown): Error {
  const code = problemCode(body);
  if (status >= 500 || RETRYABLE_STATUS.has(status)) return new PageApiUnavailable(`${operation}: ${status}`);
  if (status === 409 && code === SUPERSEDED) {
    return ApplicationFailure.nonRetryable('Somebody else owns this job now', SUPERSEDED_FAILURE);
  }
  const reason = code === undefined ? String(status) : `${status} ${code}`;
  return ApplicationFailure.nonRetryable(`The Page API refused ${operation} (${reason})`, PAGE_API_REFUSED_FAILURE);
}

export function contractViolation(operation: string, error: z.ZodError): ApplicationFailure {
  const issues = error.issues.map(({ path, code }) => ({ path: path.join('.'), code }));
  return ApplicationFailure.nonRetryable(
    `The answer to ${operation} breaks its contract`,
    CONTRACT_VIOLATION_FAILURE,
    issues,
  );
}

export const isFailureOfType = (error: unknown, type: string): error is ApplicationFailure =>
  error instanceof ApplicationFailure && error.type === type;

function problemCode(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return typeof body.code === 'string' && /^[a-z0-9_]{1,64}$/.test(body.code) ? body.code : undefined;
}
