import {
  accountOf,
  ProviderError,
  ProviderHttp,
  type ProviderAccountConfig,
  type RefusalReader,
} from '@uno/worker-kit';
import { AiProvider, type AiQuestion, type AiReply } from './ai-provider.js';
import { completion, errorBody, type Completion } from './openai.schemas.js';

/** OpenAI, chat completions. Source: https://platform.openai.com/docs/api-reference/chat/create */
export class OpenAiProvider extends AiProvider {
  readonly name = 'openai';
  readonly title = 'OpenAI';
  readonly account: string;
  readonly requestsPerSecond: number;
  private readonly http: ProviderHttp;

  constructor(
    config: ProviderAccountConfig,
    private readonly model: string,
  ) {
    super();
    this.account = accountOf(config.apiKey);
    // Accounts differ by their tier; 500 a minute is what the lowest paid one has.
    this.requestsPerSecond = config.requestsPerSecond ?? 8;
    this.http = new ProviderHttp(this.name, config, { authorization: `Bearer ${config.apiKey}` });
  }

  override async ask({ messages, answer, maxTokens }: AiQuestion, signal: AbortSignal): Promise<AiReply> {
    const body = {
      model: this.model,
      messages,
      max_completion_tokens: maxTokens,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', ...answer } },
    };
    const reply = await this.http.post('/v1/chat/completions', body, { rows: 1, signal, readRefusal });
    const parsed = completion.safeParse(reply);
    if (!parsed.success) throw ProviderError.ofAnswer(this.name, 'provider_invalid_answer');
    const { choices, model = this.model, usage } = parsed.data;
    return {
      content: choices[0]?.message.content ?? undefined,
      ended: endOf(choices[0]),
      model,
      usage: {
        promptTokens: usage?.prompt_tokens ?? 0,
        completionTokens: usage?.completion_tokens ?? 0,
        totalTokens: usage?.total_tokens ?? 0,
      },
    };
  }
}

/** A spent balance is a 429 like a limit that passes: the type of the error tells them apart. */
const readRefusal: RefusalReader = (status, body) => {
  const { error } = errorBody.safeParse(body).data ?? {};
  const spent = status === 429 && [error?.type, error?.code].includes('insufficient_quota');
  return spent ? { kind: 'page', code: 'provider_out_of_credits' } : undefined;
};

function endOf(choice: Completion['choices'][number] | undefined): AiReply['ended'] {
  if (choice === undefined) return 'missing';
  if (choice.message.refusal) return 'refused';
  switch (choice.finish_reason) {
    case 'length':
      return 'cut_off';
    case 'content_filter':
      return 'filtered';
    default:
      return 'complete';
  }
}
