import { normalisePrompt } from '../data/prompt-value.js';
import type { Usage } from '../limits/rate-limiter.js';
import { anotherEnvelope, retyped, unbilled } from './misshapen.js';
import type { CompletionBody, Message } from './openai.schemas.js';
import { completionBody, strictSchemaError } from './openai.schemas.js';
import type { Answer, AnswerSource, ProviderApi, ProviderRoute, RefusalCause, WrongPart } from './provider-api.js';

/** What a model said, and why it stopped. */
interface Choice {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finishReason: 'stop' | 'length' | 'content_filter';
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[];
}

const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_MINUTE = 10_000_000;

/** Source: https://platform.openai.com/docs/api-reference/chat/create */
const completions: ProviderRoute = {
  path: '/v1/chat/completions',
  parse: (body) => {
    const parsed = completionBody.safeParse(body);
    const prompt = parsed.success ? promptOf(parsed.data.messages) : undefined;
    if (!parsed.success || prompt === undefined) return undefined;
    return { lookUps: [{ key: prompt }], answer: (source) => complete(parsed.data, prompt, source) };
  },
  misshape: (answer, part) =>
    part === 'envelope' ? unbilled(answer, anotherEnvelope(answer.body)) : { ...answer, body: unusable(answer, part) },
};

/** OpenAI. Sources: https://platform.openai.com/docs/guides/error-codes, /docs/guides/rate-limits */
export const openaiApi: ProviderApi = {
  name: 'openai',
  keyHeader: 'authorization',
  keyScheme: 'Bearer',
  defaultRequestsPerSecond: 50,
  routes: [completions],
  itemErrors: ['refusal', 'length', 'content_filter'],
  wrongParts: ['items', 'content', 'envelope'],
  // A spent balance is a 429 here, told apart by its code alone.
  outOfCreditsStatus: 429,
  errorBody: (_status, message, cause) => ({ error: { message, param: null, ...ERRORS[cause] } }),
  usageHeaders,
};

const ERRORS: Readonly<Record<RefusalCause, { readonly type: string; readonly code: string | null }>> = {
  invalid_request: { type: 'invalid_request_error', code: null },
  unauthorized: { type: 'invalid_request_error', code: 'invalid_api_key' },
  out_of_credits: { type: 'insufficient_quota', code: 'insufficient_quota' },
  forbidden: { type: 'invalid_request_error', code: 'unsupported_country_region_territory' },
  rate_limited: { type: 'requests', code: 'rate_limit_exceeded' },
  server_error: { type: 'server_error', code: null },
};

/** The question of a conversation: what the user said last before the first answer, so that a repair asks the same again. */
function promptOf(messages: readonly Message[]): string | undefined {
  const answered = messages.findIndex(({ role }) => role === 'assistant');
  const asked = answered === -1 ? messages : messages.slice(0, answered);
  const question = asked.findLast(({ role }) => role === 'user');
  return question && normalisePrompt(textOf(question));
}

function textOf({ content }: Message): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('\n');
}

function complete(body: CompletionBody, prompt: string, source: AnswerSource): Answer {
  const format = body.response_format?.type === 'json_schema' ? body.response_format.json_schema : undefined;
  const schemaError = format?.strict ? strictSchemaError(format.schema) : undefined;
  if (format && schemaError !== undefined) {
    const message = `Invalid schema for response_format '${format.name}': ${schemaError}`;
    const error = { message, type: 'invalid_request_error', param: 'response_format', code: null };
    return { status: 400, body: { error }, billable: [false] };
  }
  const fault = source.itemFault?.(0);
  const value = source.directory.promptValue(prompt, format?.schema);
  const text = format && source.empty !== true ? JSON.stringify(value) : String(value);
  const choice = choose(text, body, typeof fault === 'object' ? fault.code : undefined);
  const promptTokens = body.messages.reduce((sum, message) => sum + tokens(textOf(message)) + 4, 0);
  return {
    body: {
      id: `chatcmpl-${source.callId}`,
      object: 'chat.completion',
      created: Math.floor(source.now / 1_000),
      model: body.model,
      choices: fault === 'left_out' ? [] : [choiceBody(choice)],
      usage: usage(promptTokens, tokens(choice.content ?? choice.refusal ?? '')),
      service_tier: 'default',
      system_fingerprint: 'fp_sandbox',
    },
    billable: [fault !== 'left_out'],
  };
}

function choose(text: string, body: CompletionBody, code: string | undefined): Choice {
  const limit = (body.max_completion_tokens ?? body.max_tokens ?? Infinity) * CHARACTERS_PER_TOKEN;
  switch (code) {
    case 'refusal':
      return { content: null, refusal: "I'm sorry, I can't help with that.", finishReason: 'stop' };
    case 'content_filter':
      return { content: '', refusal: null, finishReason: 'content_filter' };
    case 'length':
      return { content: text.slice(0, Math.floor(text.length / 2)), refusal: null, finishReason: 'length' };
    default:
      return text.length > limit
        ? { content: text.slice(0, limit), refusal: null, finishReason: 'length' }
        : { content: text, refusal: null, finishReason: 'stop' };
  }
}

function choiceBody({ content, refusal, finishReason }: Choice): object {
  const message = { role: 'assistant', content, refusal, annotations: [] };
  return { index: 0, message, logprobs: null, finish_reason: finishReason };
}

function usage(prompt: number, completion: number): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** A sound completion whose content nobody asked for: values of other types, or talk around the JSON. */
function unusable({ body }: Answer, part: WrongPart): unknown {
  const completion = body as Completion;
  return {
    ...completion,
    choices: completion.choices.map((choice) => ({
      ...choice,
      message: { ...choice.message, content: spoilt(choice.message.content ?? '', part) },
    })),
  };
}

function spoilt(content: string, part: WrongPart): string | null {
  if (part === 'content') return `Sure! Here is what I found: ${content.slice(0, -1)}`;
  try {
    return JSON.stringify(retyped(JSON.parse(content)));
  } catch {
    return null;
  }
}

/** Durations as Go writes them, and how long to wait when there is no room. */
function usageHeaders({ admitted, requestsPerSecond, minute, roomInMs }: Usage): Readonly<Record<string, string>> {
  const retryAfter = { 'retry-after': String(Math.max(1, Math.ceil(roomInMs / 1_000))) };
  if (requestsPerSecond === null) return {};
  const limit = Math.max(1, Math.floor(requestsPerSecond * 60));
  return {
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(Math.max(0, limit - minute)),
    'x-ratelimit-reset-requests': `${Math.ceil(roomInMs)}ms`,
    'x-ratelimit-limit-tokens': String(TOKENS_PER_MINUTE),
    'x-ratelimit-remaining-tokens': String(TOKENS_PER_MINUTE),
    'x-ratelimit-reset-tokens': '0ms',
    ...(!admitted && retryAfter),
  };
}
