import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidationData, ValidatorType } from '@rjsf/utils';
import { createErrorHandler, toErrorSchema, unwrapErrorHandler, validationDataMerge } from '@rjsf/utils';

/**
 * Validation for generated forms that interprets the schema. The usual validator compiles it with `eval`, which a page that
 * keeps a key in its memory should not have to allow.
 */
export const schemaValidator: ValidatorType = {
  isValid: (schema, formData, { $schema, $defs, definitions }: RJSFSchema) =>
    check({ ...definedOnly({ $schema, $defs, definitions }), ...(schema as RJSFSchema) }, formData).length === 0,
  rawValidation: <Result = unknown>(schema: RJSFSchema, formData?: unknown) => ({
    errors: check(schema, formData) as Result[],
  }),
  validateFormData: (formData, schema, customValidate, transformErrors, uiSchema): ValidationData<unknown> => {
    const found = check(schema, formData);
    const errors = transformErrors ? transformErrors(found, uiSchema) : found;
    const result = { errors, errorSchema: toErrorSchema(errors) };
    if (!customValidate) return result;
    const custom = customValidate(formData, createErrorHandler(formData), uiSchema);
    const errorSchema: ErrorSchema = unwrapErrorHandler(custom);
    return validationDataMerge(result, errorSchema);
  },
};

function check(schema: RJSFSchema, formData: unknown): RJSFValidationError[] {
  const draft = String(schema.$schema ?? '').includes('2020-12') ? '2020-12' : '7';
  const { errors } = new Validator(schema as Schema, draft, false).validate(formData ?? {});
  const found = errors
    .filter(({ keyword }) => keyword !== NOT_EVALUATED)
    .map(({ instanceLocation, keyword, error }) => {
      const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
      const place = [...instanceLocation.slice(1).split('/').filter(Boolean), ...(missing ? [missing] : [])];
      const property = place.map((part) => `.${part}`).join('');
      const message = sentence(keyword, error);
      return { name: keyword, property, message, stack: `${place.join('.')} ${message}` };
    });
  // What is wrong inside a place is also reported for all that is around it, which says nothing new.
  return found.filter(({ property }) => !found.some((other) => other.property.startsWith(`${property}.`)));
}

/** Reported for each property that has a fault of its own, as if no schema knew it. What the form has no place for it drops. */
const NOT_EVALUATED = 'false';

/** The complaint about a value for the person who typed it; the validator's words where there is nothing better. */
function sentence(keyword: string, error: string): string {
  const limit = /(-?[\d.]*\d)\D*$/.exec(error)?.[1] ?? '';
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'minItems':
    case 'minProperties':
      return `needs at least ${limit}`;
    case 'maxItems':
    case 'maxProperties':
      return `takes at most ${limit}`;
    case 'uniqueItems':
      return 'has one of them twice';
    case 'minLength':
      return limit === '1' ? 'is required' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'enum':
      return 'is not one of the choices';
    case 'pattern':
    case 'format':
      return 'does not have the form that it must have';
    case 'type':
      return typeSentence(error);
    default:
      return error;
  }
}

function typeSentence(error: string): string {
  const wanted = /Expected "([a-z]+)"/.exec(error)?.[1];
  if (wanted === 'object') return 'must be a JSON object';
  return wanted === 'integer' ? 'must be a whole number' : error;
}

const definedOnly = (schema: RJSFSchema): RJSFSchema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
