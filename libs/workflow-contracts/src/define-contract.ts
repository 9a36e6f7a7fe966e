import type { z } from 'zod';

/** The wire shape of one workflow: what a caller sends and what it gets back. Payloads carry ids, counters and codes only. */
export interface WorkflowContract<Input extends z.ZodType, Result extends z.ZodType> {
  /** Workflow type = name of the exported workflow function. */
  readonly workflowType: string;
  /** Grows with each compatible addition; a break is a new contract with a new workflow type. */
  readonly version: number;
  readonly input: Input;
  readonly result: Result;
}

export type AnyContract = WorkflowContract<z.ZodType, z.ZodType>;
export type InputOf<C extends AnyContract> = z.infer<C['input']>;
export type ResultOf<C extends AnyContract> = z.infer<C['result']>;

/** Declares a contract; the workflow type must end in `Workflow`, so that the name says what it is in every tool. */
export function defineContract<Input extends z.ZodType, Result extends z.ZodType>(
  contract: WorkflowContract<Input, Result>,
): WorkflowContract<Input, Result> {
  if (!/^[a-z][A-Za-z0-9]*Workflow$/.test(contract.workflowType)) {
    throw new Error(`Workflow type ${contract.workflowType} must be camelCase and end in Workflow`);
  }
  return Object.freeze({ ...contract });
}
