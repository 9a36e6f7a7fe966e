/** The laws that the checker asserts, as the page `docs/architecture.md` numbers them. */
export const LAWS = {
  L1: 'granted = available + held + spent',
  L2: 'no balance is ever negative',
  L3: 'a balance is the fold of its postings, and the past of a ledger does not change',
  L4: 'a hold ends once and whole; a final job holds nothing',
  L5: 'one effect per idempotency key',
  L6: 'the cells paid for are exactly the billable cells filled',
  L7: 'only sealed pages are captured, and nothing after the close',
  L8: 'a refund never exceeds its capture',
  L9: 'no cell is pending once its job is final',
  L21: 'a job that is not final has a workflow, a final one has none',
} as const;

export type LawId = keyof typeof LAWS;
export const LAW_IDS = Object.keys(LAWS) as LawId[];

/** One place where a law does not hold. Ids and numbers only: nothing of what a cell says. */
export interface Violation {
  readonly law: LawId;
  /** What programs decide on. */
  readonly kind: string;
  /** One sentence for a person. */
  readonly detail: string;
  readonly jobId?: string;
  readonly pageNo?: number;
  readonly rowId?: string;
  readonly columnId?: string;
  readonly cellVersionId?: string;
  readonly holdId?: string;
  readonly captureId?: string;
}

/** How long a live system may take to heal by itself before a missing or a left-over workflow counts (law L21). */
export const ALLOWANCE_SECONDS = 60;
