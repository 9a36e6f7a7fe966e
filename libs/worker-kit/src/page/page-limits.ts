/** How much of a service's work goes on at a time, and how long a provider may fail: each team configures its own. */
export interface PageLimits {
  /** Rows of one chunk: as many as one call takes. */
  readonly chunkSize: number;
  /** Chunks of the page at a time. */
  readonly concurrency: number;
  /** Chunks at a time of all pages that this process runs; they share them. No limit without it. */
  readonly processConcurrency?: number;
  /** How long a provider may fail, from its first failure since a success, before it counts as down for the page. */
  readonly retryBudgetSeconds?: number;
}

/** Where a team configures none. */
export const RETRY_BUDGET_SECONDS = 300;
