import { z } from 'zod';
import { normaliseLookupKey } from '../data/lookup-key.js';
import { isSchema, normalisePrompt } from '../data/prompt-value.js';
import type { JsonSchema } from '../data/prompt-value.js';
import { SIGNAL_KINDS } from '../data/signals.js';
import { ENTITY_TYPES } from '../providers/provider-api.js';
import type { Sandbox } from '../sandbox.js';

const key = z.string().trim().min(1);
const entityType = z.enum(ENTITY_TYPES);
const list = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .or(z.array(z.string()));
const jsonSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .or(z.record(z.string(), z.unknown()))
  .refine((schema): schema is JsonSchema => isSchema(schema), 'must be an object');

/** What is asked: an entity's attributes, its latest event (with `kinds`, at Lusha), or what a model says to a prompt. */
export const answersQuery = z.discriminatedUnion('provider', [
  z.object({
    provider: z.literal('lusha'),
    entityType,
    key,
    kinds: list.optional(),
    withinDays: z.coerce.number().int().min(0).max(3_650).default(90),
  }),
  z.object({ provider: z.literal('pdl'), entityType, key }),
  z.object({ provider: z.literal('openai'), key, options: list.optional(), schema: jsonSchema.optional() }),
]);
export type AnswersQuery = z.output<typeof answersQuery>;

interface ExpectedAnswer {
  readonly found: boolean;
  readonly values: object;
}

const DAY_MS = 86_400_000;

/** What an adapter must read out of the provider's reply. */
export function expectedAnswer({ directory, clock }: Sandbox, query: AnswersQuery): ExpectedAnswer {
  if (query.provider === 'openai') return { found: true, values: promptValues(directory, query) };
  const entity = normaliseLookupKey(query.key);
  if (query.provider === 'pdl' || query.kinds === undefined) {
    return directory.answer(query.provider, query.entityType, entity);
  }
  return latestEvent(
    directory.signals(query.entityType, entity, clock.now()),
    { ...query, kinds: query.kinds },
    clock.now(),
  );
}

function promptValues(
  directory: Sandbox['directory'],
  { key: prompt, options, schema }: Extract<AnswersQuery, { provider: 'openai' }>,
): object {
  const valueOf = (wanted: JsonSchema): unknown => directory.promptValue(normalisePrompt(prompt), wanted);
  return {
    text: valueOf({ type: 'string' }),
    number: valueOf({ type: 'number' }),
    yes_no: valueOf({ type: 'boolean' }),
    ...(options && { one_of: valueOf({ enum: options }) }),
    ...(schema && { json: valueOf(schema) }),
  };
}

function latestEvent(
  events: ReturnType<Sandbox['directory']['signals']>,
  { entityType: type, kinds, withinDays }: { entityType: 'company' | 'contact'; kinds: string[]; withinDays: number },
  nowMs: number,
): ExpectedAnswer {
  const since = new Date(nowMs - withinDays * DAY_MS).toISOString().slice(0, 10);
  const kindOf = (signalType: string): string | undefined =>
    kinds.find((kind) => kind === signalType || SIGNAL_KINDS[type][kind]?.includes(signalType));
  const event = events.find((each) => each.date >= since && kindOf(each.type) !== undefined);
  if (!event) return { found: false, values: {} };
  const { title, date, url } = event;
  return { found: true, values: { kind: kindOf(event.type), title, date, url, type: event.type } };
}
