import { createContext, Script } from 'node:vm';
import { MAX_SCHEMA_CHARACTERS } from '@uno/ai-contract';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A JSON Schema, draft 2020-12, as somebody wrote it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** @returns what is wrong with a value, for the model that made it; undefined when nothing is. */
export type ValueCheck = (value: unknown) => string | undefined;

const MOST_FAULTS = 3;
/** References that double from one to the next make a check of a short answer last for years. */
const CHECK_WITHIN_MS = 500;

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema without its name and dialect: it is used inside others, and read as draft 2020-12 whatever it calls itself. */
export function bareSchema({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/**
 * Compiles a schema that a user wrote. The API refuses most of what cannot be compiled when a column is saved. References are
 * calls and the code is left as it comes: otherwise a schema of a few KiB could become gigabytes of code.
 *
 * @returns undefined for what is no usable JSON Schema: not valid, referring to other documents, or over 32,000 characters.
 */
export function compileCheck(schema: JsonSchema): ValueCheck | undefined {
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS || '$async' in schema) return undefined;
  try {
    const ajv = new Ajv2020({
      ...{ strict: false, strictNumbers: true, validateFormats: false, logger: false },
      inlineRefs: false,
      code: { regExp: unchecked, optimize: false },
    });
    const validate = ajv.compile(schema);
    return (value) => {
      const isValid = within(CHECK_WITHIN_MS, () => validate(value));
      if (isValid === undefined) return 'the schema is too involved to check the answer against';
      if (isValid) return undefined;
      return ajv.errorsText(validate.errors?.slice(0, MOST_FAULTS), { dataVar: 'the answer' });
    };
  } catch {
    return undefined;
  }
}

const RUN = new Script('work()');
/** One for all: a context of its own for each check would cost more than the check. */
const STAGE: { work?: () => unknown } = {};
createContext(STAGE);

/** @returns undefined when the work had to be stopped: it is synchronous, and everybody else of this process would wait for it. */
function within<T>(timeout: number, work: () => T): T | undefined {
  STAGE.work = work;
  try {
    return RUN.runInContext(STAGE, { timeout }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}

/** Patterns are left to the provider: one that a user wrote could keep this process, and all its tenants, busy for hours. */
const unchecked = Object.assign(() => ({ test: () => true }), { code: 'unchecked' });
