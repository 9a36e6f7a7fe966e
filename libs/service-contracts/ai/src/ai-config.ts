import {
  defineService,
  ENDS_STAGE_KEYWORD,
  JSON_SCHEMA_KEYWORD,
  REFERENCE_KEYWORD,
  VALUE_KEYWORD,
} from '@uno/workflow-contracts';
import { z } from 'zod';

export const MAX_PROMPT_LENGTH = 10_000;
export const MAX_OPTIONS = 50;
export const MAX_OPTION_LENGTH = 100;
/** Of the schema of an answer, as JSON. */
export const MAX_SCHEMA_CHARACTERS = 32_000;

const aiOptions = z
  .array(z.string().min(1).max(MAX_OPTION_LENGTH))
  .min(2)
  .max(MAX_OPTIONS)
  // In the JSON Schema it is `uniqueItems`, which zod does not know.
  .refine((options) => new Set(options).size === options.length, 'An option stands here twice')
  .meta({ title: 'Options', description: 'The answer is one of these', uniqueItems: true });

const answerSchema = z.record(z.string(), z.unknown()).meta({
  title: 'Schema',
  description: 'JSON Schema that the answer fulfils',
  [JSON_SCHEMA_KEYWORD]: { maxCharacters: MAX_SCHEMA_CHARACTERS },
});

/** What a cell holds, and what the model is told to answer with. */
export const aiAnswer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }).meta({ title: 'Text' }),
  z.strictObject({ type: z.literal('number') }).meta({ title: 'Number', [VALUE_KEYWORD]: { type: 'number' } }),
  z.strictObject({ type: z.literal('yes_no') }).meta({ title: 'Yes or no' }),
  z.strictObject({ type: z.literal('one_of'), options: aiOptions }).meta({ title: 'One of' }),
  z.strictObject({ type: z.literal('json'), schema: answerSchema }).meta({ title: 'JSON' }),
]);
export type AiAnswer = z.infer<typeof aiAnswer>;

/** Config of an AI column: a prompt over other columns, and the type of its answer. */
export const aiConfig = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .max(MAX_PROMPT_LENGTH)
    .meta({
      title: 'Prompt',
      description: 'What to ask for each row; {{Name}} stands for an attribute or another column',
      [REFERENCE_KEYWORD]: 'template',
    }),
  answer: aiAnswer.meta({ title: 'Answer', description: 'What a cell holds' }),
  /** `direct` when absent. */
  mode: z
    .enum(['direct', 'batch'])
    .optional()
    .meta({
      title: 'Mode',
      description: 'Direct answers at once; a batch is cheaper and takes up to a day',
      default: 'direct',
      [ENDS_STAGE_KEYWORD]: 'batch',
    }),
  /** False when absent. */
  approval: z
    .boolean()
    .optional()
    .meta({
      title: 'Approval',
      description: 'Wait for approval after the first rows',
      default: false,
      [ENDS_STAGE_KEYWORD]: true,
    }),
});
export type AiConfig = z.infer<typeof aiConfig>;

export const AI_TASK_QUEUE = 'ai';

/** Catalogue entry of the AI service. */
export const aiService = defineService({
  id: 'ai',
  title: 'AI',
  description: 'A prompt over other columns, answered by a language model as text, number, choice or JSON.',
  entityTypes: ['company', 'contact'],
  returns: 'text, number, yes or no, one of the options, or JSON',
  price: 2,
  capabilities: { batch: false, revert: false, approval: false },
  taskQueue: AI_TASK_QUEUE,
  contractVersion: 1,
  inputs: 'references',
  config: aiConfig,
});
