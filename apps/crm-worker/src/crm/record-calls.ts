import { MAX_ANSWERS, pageFailedAt, ProviderError, type RevertContext } from '@uno/worker-kit';
import type { CrmCauseCode } from './crm-causes.js';
import type { CrmProvider, RecordRead, RecordWrite } from './crm-provider.js';

const MISSING = 'provider_row_missing';

/** An answer that stands. */
export type Settled<Answer> = Exclude<Answer, { readonly outcome: 'unanswered' | 'refused' }>;

interface Inquiry<Item, Answer> {
  readonly request: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Answer[]>;
  readonly settled: Map<Item, Settled<Answer>>;
}

/** Calls about records of a revert, repeated for those that got no answer. */
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
    request: Inquiry<Item, Answer>['request'],
  ): Promise<ReadonlyMap<Item, Settled<Answer>>> {
    const settled: Inquiry<Item, Answer>['settled'] = new Map();
    await this.ask(items, { request, settled });
    return settled;
  }

  private async ask<Item, Answer extends RecordRead | RecordWrite>(
    items: readonly Item[],
    inquiry: Inquiry<Item, Answer>,
    answers = 1,
  ): Promise<void> {
    if (items.length === 0) return;
    const again: Item[] = [];
    try {
      const call = await this.context.call(this.provider, (signal) => inquiry.request(items, signal));
      if (!call.answered && call.down) throw pageFailedAt(this.provider, call.code);
      if (!call.answered) {
        this.failedBecause = call.code;
        return;
      }
      for (const [index, item] of items.entries()) {
        const answer = call.reply[index];
        if (answer && isSettled(answer)) inquiry.settled.set(item, answer);
        else if (answer?.outcome !== 'refused' && answers < MAX_ANSWERS) again.push(item);
        else if (answer && 'code' in answer && answer.code !== MISSING) this.failedBecause = answer.code;
        // Beside what failed, some replies do not name the others.
        else this.failedBecause ??= MISSING;
      }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await this.isolate(items, inquiry, answers);
    }
    await this.ask(again, inquiry, answers + 1);
  }

  /** One bad record makes the CRM refuse the whole call: halves are asked again until it stands alone. */
  private async isolate<Item, Answer extends RecordRead | RecordWrite>(
    items: readonly Item[],
    inquiry: Inquiry<Item, Answer>,
    answers: number,
  ): Promise<void> {
    const middle = Math.ceil(items.length / 2);
    if (items.length === 1) {
      this.failedBecause = 'provider_refused_row';
      return;
    }
    await this.ask(items.slice(0, middle), inquiry, answers);
    await this.ask(items.slice(middle), inquiry, answers);
  }
}

function isSettled<Answer extends RecordRead | RecordWrite>(answer: Answer): answer is Settled<Answer> {
  return answer.outcome !== 'unanswered' && answer.outcome !== 'refused';
}
