import { Injectable } from '@nestjs/common';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { stableJson } from '../idempotency/stable-json.js';
import type { FieldProblem } from '../problems/problem.error.js';
import { compileSchema } from './compile-schema.js';
import { CONFIG_KEYWORDS } from './config-keywords.js';
import { choicesOfTag, withDiscriminators } from './discriminators.js';

const MAX_COMPILED_SCHEMAS = 500;

/** Checks values against the JSON Schemas that services registered. */
@Injectable()
export class ConfigValidator {
  readonly #compiled = new Map<string, ValidateFunction>();

  /** Why a schema cannot be used, or undefined. */
  fault(schema: Readonly<Record<string, unknown>>): string | undefined {
    try {
      this.#compile(schema);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'is not a JSON Schema';
    }
  }

  /** What is wrong with a value, each with a JSON pointer that starts with `base`; empty when nothing is. */
  check(schema: Readonly<Record<string, unknown>>, value: unknown, base: string): FieldProblem[] {
    const validate = this.#compile(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, 20).map((error) => ({
      pointer: `${base}${error.instancePath}${memberAtFault(error)}`,
      detail: explain(error),
    }));
  }

  #compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
    const key = stableJson(schema);
    const known = this.#compiled.get(key);
    if (known) return known;
    if (this.#compiled.size >= MAX_COMPILED_SCHEMAS) this.#compiled.clear();
    const compiled = compileSchema(withDiscriminators(schema), {
      ...{ allErrors: true, verbose: true, discriminator: true },
      keywords: CONFIG_KEYWORDS,
    });
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** The complaint about a missing or unknown member, or about the one that chooses, stands at that member. */
function memberAtFault({ keyword, params }: ErrorObject): string {
  const chooses: unknown = keyword === 'discriminator' ? params['tag'] : undefined;
  const name: unknown =
    params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'] ?? chooses;
  return typeof name === 'string' ? `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}

function explain({ keyword, message = 'is not valid', params, parentSchema }: ErrorObject): string {
  if (keyword === 'discriminator')
    return `must be one of: ${choicesOfTag(parentSchema, String(params['tag'])).join(', ')}`;
  const allowed: unknown = params['allowedValues'];
  return Array.isArray(allowed) ? `${message}: ${allowed.map(String).join(', ')}` : message;
}
