import { ApplicationFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import type { AnyContract, InputOf, ResultOf } from '../define-contract.js';
import { CONTRACT_VIOLATION_FAILURE } from '../failure-codes.js';

/**
 * Parses what a workflow received. A plain ZodError would fail the workflow task and be retried for ever, so bad input
 * becomes a non-retryable failure that names the fields (paths and codes, never the values).
 */
export function parseInput<C extends AnyContract>(contract: C, raw: unknown): InputOf<C> {
  return parse(contract.input, raw, `input of ${contract.workflowType}`) as InputOf<C>;
}

/** The same for what a child workflow of another team answered. */
export function parseResult<C extends AnyContract>(contract: C, raw: unknown): ResultOf<C> {
  return parse(contract.result, raw, `result of ${contract.workflowType}`) as ResultOf<C>;
}

function parse(schema: z.ZodType, raw: unknown, what: string): unknown {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, code }) => ({ path: path.join('.'), code }));
  const fields = issues.map(({ path, code }) => `${path || '(root)'}: ${code}`).join(', ');
  throw ApplicationFailure.nonRetryable(
    `The ${what} breaks its contract (${fields})`,
    CONTRACT_VIOLATION_FAILURE,
    issues,
  );
}
