import type { CrmRecord, DataProvider, KnownValues, LoggedCall } from '../stack/sandbox.js';
import type { Prompt } from './prompts.js';

/** What is true, from the sandbox itself. */
export interface Truth {
  /** Whether the run made providers fail: then a cell may say that one was down, and take the next one's value. */
  readonly providersFailed: boolean;
  /** Whether the run made providers say that they know nobody: then a cell may take the next one's value, or hold none. */
  readonly providersLied: boolean;
  /** Whether a job ran under the answers that are known here; a fill before the run may have had others. */
  isOfTheRun(jobId: string): boolean;
  /** What a provider answered about a company while this job ran. */
  answer(jobId: string, provider: DataProvider, company: string): KnownValues;
  /** What a model says to a prompt. */
  modelAnswer(prompt: Prompt): unknown;
  /** What happened last at a company, for a column of signals; null where nothing did. */
  latestEvent(columnId: string, company: string): unknown;
}

/** What the world outside knows of a run. */
export interface Outside {
  /** Calls that the providers got during the run. */
  readonly calls: readonly LoggedCall[];
  /** The CRM after the run. */
  readonly records: readonly CrmRecord[];
  /** Whether calls may have piled up before a provider that stood still: then it met more at once than anybody sent at once. */
  readonly piledUp: boolean;
}
