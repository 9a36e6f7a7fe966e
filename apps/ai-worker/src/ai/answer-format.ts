import type { AiAnswer } from '@uno/ai-contract';
import { MAX_VALUE_BYTES, type CellResult } from '@uno/workflow-contracts';
import type { AnswerSchema } from './ai-provider.js';
import { bareSchema, compileCheck, type JsonSchema, type ValueCheck } from './json-schema.js';
import { fitsStrictMode } from './strict-schema.js';

export type AnswerValue = NonNullable<CellResult['value']>;

/** What stands in an answer: a value, the word that there is none, or something that cannot be used. */
export type Reading =
  | { readonly outcome: 'value'; readonly value: AnswerValue }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'unfit'; readonly fault: string };

/** How an answer is asked for and read back. */
export interface AnswerFormat {
  readonly schema: AnswerSchema;
  /** Any text may come in; it never throws. */
  readonly read: (content: string) => Reading;
}

const DEEPEST = 100;
/** Half of a character, and NUL: neither can be stored as text. */
const NOT_TEXT = /[\p{Surrogate}\0]/u;

/** @returns undefined when the schema that a user wrote cannot be used. */
export function answerFormat(answer: AiAnswer): AnswerFormat | undefined {
  const wanted = bareSchema(schemaOf(answer));
  const check = compileCheck(wanted);
  if (check === undefined) return undefined;
  // The root must be an object; around anything else we put one.
  const isRoot = wanted['type'] === 'object' && !('$ref' in wanted) && !('anyOf' in wanted);
  const schema = isRoot ? wanted : wrapped(wanted);
  // A reference to the root would mean the wrapping.
  const strict = fitsStrictMode(schema) && (isRoot || !/"\$ref":"#(?!\/\$defs\/)/.test(JSON.stringify(wanted)));
  const unwrap = isRoot ? (root: unknown) => root : (root: unknown) => (root as { answer?: unknown } | null)?.answer;
  return { schema: { schema, strict }, read: (content) => read(content, unwrap, check) };
}

function schemaOf(answer: AiAnswer): JsonSchema {
  switch (answer.type) {
    case 'text':
      return { type: 'string' };
    case 'number':
      return { type: 'number' };
    case 'yes_no':
      return { type: 'boolean' };
    case 'one_of':
      return { type: 'string', enum: answer.options };
    case 'json':
      return answer.schema;
  }
}

/** Definitions go to the root, where references look for them. */
function wrapped({ $defs, definitions, ...schema }: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { answer: schema },
    required: ['answer'],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

function read(content: string, unwrap: (root: unknown) => unknown, check: ValueCheck): Reading {
  try {
    const value = trimmed(unwrap(JSON.parse(content)));
    const fault = value === undefined ? 'the answer is missing' : (check(value) ?? storageFault(value));
    if (fault !== undefined) return { outcome: 'unfit', fault };
    if (value === '' || value === null) return { outcome: 'none' };
    return { outcome: 'value', value: value as AnswerValue };
  } catch {
    // No JSON, or so deep that nobody can walk through it.
    return { outcome: 'unfit', fault: 'the answer is not the JSON that was asked for' };
  }
}

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

function storageFault(value: unknown): string | undefined {
  if (!isStorable(value, 0)) return 'the answer holds characters, numbers or levels that cannot be stored';
  return Buffer.byteLength(JSON.stringify(value)) > MAX_VALUE_BYTES ? 'the answer is too long' : undefined;
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !NOT_TEXT.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return false;
  return Object.entries(value).every(([name, inner]) => !NOT_TEXT.test(name) && isStorable(inner, depth + 1));
}
