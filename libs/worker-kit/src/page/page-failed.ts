/** The page cannot go on: no further row of it could get an answer. The message is from fixed texts and names no entity. */
export class PageFailed extends Error {
  override readonly name = 'PageFailed';
  /** For machines, for example `provider_down`. */
  readonly code: string;
  readonly provider: string;

  constructor(details: { readonly code: string; readonly provider: string; readonly message: string }) {
    super(details.message);
    this.code = details.code;
    this.provider = details.provider;
  }
}
