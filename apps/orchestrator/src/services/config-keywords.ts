import { JSON_SCHEMA_KEYWORD, KEY_OF_KEYWORD, VALUE_KEYWORD } from '@uno/workflow-contracts';
import type { FuncKeywordDefinition } from 'ajv';
import { z } from 'zod';
import { compileSchema } from './compile-schema.js';

const jsonSchemaLimits = z.object({ maxCharacters: z.int().positive() });
const keyOf = z.object({ of: z.string(), or: z.array(z.string()) });

type DataValidateFunction = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>;

/** @returns what is wrong with a value; undefined when nothing is. */
type Check = (value: unknown, beside: Readonly<Record<string, unknown>>) => string | undefined;

/** The `x-uno-…` keywords that say what a value must be, or hold a schema themselves; the others only mark places. */
export const CONFIG_KEYWORDS: FuncKeywordDefinition[] = [
  keyword(JSON_SCHEMA_KEYWORD, 'object', (limits) => {
    const { maxCharacters } = jsonSchemaLimits.parse(limits);
    return (value) => schemaFault(value as Record<string, unknown>, maxCharacters);
  }),
  keyword(KEY_OF_KEYWORD, 'string', (allowed) => {
    const { of, or } = keyOf.parse(allowed);
    return (value, beside) => {
      const object = beside[of];
      const isKey = typeof object === 'object' && object !== null && Object.hasOwn(object, String(value));
      return isKey || or.includes(String(value)) ? undefined : `must be a key of ${of}, or one of: ${or.join(', ')}`;
    };
  }),
  keyword(VALUE_KEYWORD, 'object', (schema) => {
    compileSchema(z.record(z.string(), z.unknown()).parse(schema));
    return () => undefined;
  }),
];

function keyword(name: string, type: 'object' | 'string', compile: (setting: unknown) => Check): FuncKeywordDefinition {
  return {
    ...{ keyword: name, type, errors: true },
    compile: (setting: unknown) => {
      const check = compile(setting);
      const validate: DataValidateFunction = (value, context) => {
        const fault = check(value, (context?.parentData ?? {}) as Readonly<Record<string, unknown>>);
        validate.errors = fault === undefined ? [] : [{ keyword: name, message: fault, params: {} }];
        return fault === undefined;
      };
      return validate;
    },
  };
}

/** Name and dialect of a user's schema do not count: it is used inside others, and read as draft 2020-12. */
function schemaFault(
  { $schema: _dialect, $id: _id, ...schema }: Readonly<Record<string, unknown>>,
  maxCharacters: number,
): string | undefined {
  if (JSON.stringify(schema).length > maxCharacters) return `must have at most ${maxCharacters} characters as JSON`;
  try {
    if ('$async' in schema) throw new Error('$async is no keyword of it');
    compileSchema(schema, { code: { optimize: false, regExp: unchecked } });
    return undefined;
  } catch (error) {
    return `must be a JSON Schema (draft 2020-12) that can be used: ${(error as Error).message.slice(0, LONGEST_FAULT)}`;
  }
}

const LONGEST_FAULT = 200;

/** Patterns are not compiled: the service decides what becomes of them. */
const unchecked = Object.assign(() => ({ test: () => true }), { code: 'unchecked' });
