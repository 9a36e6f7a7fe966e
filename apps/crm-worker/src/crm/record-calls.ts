import { askEach, pageFailedAt, type RevertContext, type Told } from '@uno/worker-kit';
import type { CrmCauseCode } from './crm-causes.js';
import type { CrmProvider, RecordRead, RecordWrite } from './crm-provider.js';

const MISSING = 'provider_row_missing';

/** An answer that stands. */
export type Settled<Answer> = Exclude<Answer, { readonly outcome: 'unanswered' | 'refused' }>;

/** Calls about records of a revert. */
export class RecordCalls {
  /** Why some record got no answer, or was refused; undefined while none was. */
  failedBecause: CrmCauseCode | undefined;

  constructor(
    private readonly context: RevertContext,
    private readonly provider: CrmProvider,
  ) {}

  /**
   * @returns what the CRM said of each; what it refused or did not answer for is missing, and {@link failedBecause} says why.
   * @throws PageFailed when it is down or refuses the account; the reason of the signal.
   */
  async make<Item, Answer extends RecordRead | RecordWrite>(
    items: readonly Item[],
    request: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Answer[]>,
  ): Promise<ReadonlyMap<Item, Settled<Answer>>> {
    const { provider } = this;
    const settled = new Map<Item, Settled<Answer>>();
    for (const [item, told] of await askEach(items, { call: this.context.call, provider, ask: request })) {
      if ('answer' in told && isSettled(told.answer)) settled.set(item, told.answer);
      else this.failed(told);
    }
    return settled;
  }

  private failed(told: Told<RecordRead | RecordWrite>): void {
    if ('down' in told && told.down) throw pageFailedAt(this.provider, told.code);
    const code = codeOf(told);
    // Beside what failed, some replies do not name the others.
    if (code === MISSING) this.failedBecause ??= code;
    else this.failedBecause = code;
  }
}

function codeOf(told: Told<RecordRead | RecordWrite>): CrmCauseCode {
  if (!('answer' in told)) return told.code;
  return 'code' in told.answer ? told.answer.code : MISSING;
}

function isSettled<Answer extends RecordRead | RecordWrite>(answer: Answer): answer is Settled<Answer> {
  return answer.outcome !== 'unanswered' && answer.outcome !== 'refused';
}
