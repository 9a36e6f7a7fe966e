import { z } from 'zod';
import type { JsonSchema } from '../data/prompt-value.js';
import { isSchema } from '../data/prompt-value.js';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z.union([z.string(), z.array(textPart).min(1)]);

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({ role: z.literal('assistant'), content: content.nullish() }),
]);
export type Message = z.infer<typeof message>;

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      schema: z.record(z.string(), z.unknown()).default({}),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const limit = z.number().int().positive().nullish();

export const completionBody = z.object({
  model: z.string().min(1).max(200),
  messages: z.array(message).min(1).max(1_000),
  response_format: responseFormat.optional(),
  max_completion_tokens: limit,
  max_tokens: limit,
});
export type CompletionBody = z.infer<typeof completionBody>;

/**
 * What is wrong with a schema that is to be followed strictly: its root is an object, and every object names all its properties
 * as required and takes no others. Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function strictSchemaError(schema: JsonSchema): string | undefined {
  if (schema['type'] !== 'object') return `schema must be a JSON Schema of 'type: "object"'`;
  return objectError(schema, []);
}

function objectError(schema: JsonSchema, path: readonly string[]): string | undefined {
  const where = `In context=(${path.map((part) => `'${part}'`).join(', ')})`;
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  if (schema['type'] === 'object') {
    if (schema['additionalProperties'] !== false) {
      return `${where}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const missing = Object.keys(properties).find((name) => !required.includes(name));
    if (missing !== undefined) {
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
    }
  }
  const alternatives = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [];
  const inner = [
    ...Object.entries(properties).map(([name, each]) => [['properties', name], each] as const),
    ...Object.entries(isSchema(schema['$defs']) ? schema['$defs'] : {}).map(
      ([name, each]) => [['$defs', name], each] as const,
    ),
    ...alternatives.map((each: unknown, index) => [['anyOf', String(index)], each] as const),
    [['items'], schema['items']] as const,
  ];
  for (const [step, each] of inner) {
    const error = isSchema(each) ? objectError(each, [...path, ...step]) : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}
