import { Injectable } from '@nestjs/common';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stableJson } from '../idempotency/stable-json.js';
import type { FieldProblem } from '../problems/problem.error.js';

const MAX_COMPILED_SCHEMAS = 500;

/** Checks values against the JSON Schemas that services registered. */
@Injectable()
export class ConfigValidator {
  // Unknown keywords are allowed: services annotate their schemas (`x-uno-…`), and teams may use more.
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, addUsedSchema: false });
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
      pointer: `${base}${error.instancePath}${missingOrExtra(error)}`,
      detail: explain(error),
    }));
  }

  #compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
    const key = stableJson(schema);
    const known = this.#compiled.get(key);
    if (known) return known;
    if (this.#compiled.size >= MAX_COMPILED_SCHEMAS) this.#compiled.clear();
    const compiled = this.#ajv.compile(schema);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** The complaint about a missing or unknown member stands at that member. */
function missingOrExtra({ params }: ErrorObject): string {
  const name: unknown = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string' ? `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}

function explain({ message = 'is not valid', params }: ErrorObject): string {
  const allowed: unknown = params['allowedValues'];
  return Array.isArray(allowed) ? `${message}: ${allowed.map(String).join(', ')}` : message;
}
