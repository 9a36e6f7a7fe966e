import { PageFailed, pageFailedAt, ProviderError, type PageCall } from '@uno/worker-kit';
import type { CellResult } from '@uno/workflow-contracts';
import { aiCauses, type AiCauseCode } from './ai-causes.js';
import type { AiColumn } from './ai-column.js';
import type { AiMessage, AiProvider, AiReply, TokenUsage } from './ai-provider.js';
import { repairingMessages } from './prompt.js';

/** How a cell ends, without its address. */
export type CellEnd = Pick<CellResult, 'status' | 'value' | 'reason' | 'provenance'>;

/** One call as it stands in the cell's provenance. */
interface Try {
  readonly provider: string;
  readonly outcome: 'filled' | 'no_value' | 'unfit' | 'error';
  readonly code?: AiCauseCode;
  readonly ms: number;
}

/** An answer that is asked for once more: why, and what to say to it. */
interface Misfit {
  readonly code: 'ai_answer_invalid' | 'ai_answer_empty' | 'provider_row_missing';
  readonly complaint?: { readonly content: string; readonly fault: string };
}

/** The provider takes it off the account's token limit before a single token is made, so it is no larger than cells need. */
const MAX_ANSWER_TOKENS = 8_192;

const NO_ANSWER = { code: 'no_answer', message: 'The model does not know an answer for this row.' };

/** One cell on its way: asked for, and asked for once more when the answer cannot be used. */
export class CellInquiry {
  private readonly tries: Try[] = [];
  private usage: TokenUsage = { promptTokens: 0, completionTokens: 0, totalTokens: 0 };
  private model: string | undefined;

  constructor(
    private readonly provider: AiProvider,
    private readonly call: PageCall,
    private readonly column: AiColumn,
  ) {}

  /** @throws PageFailed when no further cell could be answered; the reason of the page's signal. */
  async answer(messages: readonly AiMessage[]): Promise<CellEnd> {
    const first = await this.ask(messages);
    if ('status' in first) return first;
    // An empty answer gives nothing to complain about: the same is asked once more.
    const second = await this.ask(first.complaint ? repairingMessages(messages, first.complaint) : messages);
    return 'status' in second ? second : this.failed(second.code);
  }

  private async ask(messages: readonly AiMessage[]): Promise<CellEnd | Misfit> {
    const { provider } = this;
    const question = { messages, answer: this.column.format.schema, maxTokens: MAX_ANSWER_TOKENS };
    const startedAt = performance.now();
    try {
      const call = await this.call(provider, (signal) => provider.ask(question, signal));
      if (call.answered) return this.read(call.reply, call.ms);
      if (call.down) throw pageFailedAt(provider, call.code);
      return this.failed(call.code, call.ms);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.status === 404) throw this.unknownModel();
      const code = this.column.ownSchema ? 'ai_schema_refused' : 'provider_refused_row';
      return this.failed(code, Math.round(performance.now() - startedAt));
    }
  }

  private read({ content = '', ended, model, usage }: AiReply, ms: number): CellEnd | Misfit {
    this.model = model;
    this.usage = {
      promptTokens: this.usage.promptTokens + usage.promptTokens,
      completionTokens: this.usage.completionTokens + usage.completionTokens,
      totalTokens: this.usage.totalTokens + usage.totalTokens,
    };
    if (ended === 'missing') return this.misfit({ code: 'provider_row_missing' }, ms);
    if (ended !== 'complete') return this.failed(`ai_${ended}`, ms);
    if (content.trim() === '') return this.misfit({ code: 'ai_answer_empty' }, ms);
    const reading = this.column.format.read(content);
    switch (reading.outcome) {
      case 'unfit':
        return this.misfit({ code: 'ai_answer_invalid', complaint: { content, fault: reading.fault } }, ms);
      case 'none':
        this.tries.push({ provider: this.provider.name, outcome: 'no_value', ms });
        return { status: 'not_found', reason: NO_ANSWER, provenance: this.provenance() };
      case 'value':
        this.tries.push({ provider: this.provider.name, outcome: 'filled', ms });
        return { status: 'filled', value: reading.value, provenance: this.provenance(this.provider.name) };
    }
  }

  private misfit(misfit: Misfit, ms: number): Misfit {
    this.tries.push({ provider: this.provider.name, outcome: 'unfit', code: misfit.code, ms });
    return misfit;
  }

  /** @param ms of a call that is not among the tries yet. */
  private failed(code: AiCauseCode, ms?: number): CellEnd {
    if (ms !== undefined) this.tries.push({ provider: this.provider.name, outcome: 'error', code, ms });
    return { status: 'error', reason: aiCauses.reasonFor(this.provider, code), provenance: this.provenance() };
  }

  private unknownModel(): PageFailed {
    const reason = aiCauses.reasonFor(this.provider, 'ai_model_unknown');
    return new PageFailed({ provider: this.provider.name, ...reason });
  }

  private provenance(source?: string): NonNullable<CellResult['provenance']> {
    return {
      ...(source !== undefined && { source }),
      ...(this.model !== undefined && { model: this.model }),
      tries: this.tries.map((each) => ({ ...each })),
      usage: { ...this.usage },
    };
  }
}
