/** A law that did not hold, and where. Ids only, never a value. */
export interface Violation {
  /** `L10`. */
  readonly law: string;
  readonly detail: string;
  readonly jobId?: string;
  readonly rowId?: string;
  readonly columnId?: string;
}
