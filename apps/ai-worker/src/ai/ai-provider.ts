import type { ProviderAccount } from '@uno/worker-kit';

export interface AiMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** JSON Schema of an answer whose root is an object. */
export interface AnswerSchema {
  readonly schema: Readonly<Record<string, unknown>>;
  /** Whether the provider is to hold the model to it; it takes a part of JSON Schema only. */
  readonly strict: boolean;
}

export interface AiQuestion {
  readonly messages: readonly AiMessage[];
  readonly answer: AnswerSchema;
  /** The answer ends there; what a model thinks before it counts too. */
  readonly maxTokens: number;
}

export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
}

export interface AiReply {
  /** What the model said, not yet read; undefined when it said nothing. */
  readonly content: string | undefined;
  /** `missing`: the reply came without any answer in it. */
  readonly ended: 'complete' | 'refused' | 'cut_off' | 'filtered' | 'missing';
  /** The very model that answered. */
  readonly model: string;
  readonly usage: TokenUsage;
}

/** Port of a language model. */
export abstract class AiProvider implements ProviderAccount {
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly account: string;
  abstract readonly requestsPerSecond: number;

  /** @throws ProviderError when the call fails as a whole; the reason of the signal. */
  abstract ask(question: AiQuestion, signal: AbortSignal): Promise<AiReply>;
}
