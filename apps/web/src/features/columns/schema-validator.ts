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
  const found = errors.map(({ instanceLocation, keyword, error }) => {
    const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
    const place = [...instanceLocation.slice(1).split('/').filter(Boolean), ...(missing ? [missing] : [])];
    const property = place.map((part) => `.${part}`).join('');
    const message = missing ? 'is required' : error;
    return { name: keyword, property, message, stack: `${place.join('.')} ${message}` };
  });
  // What is wrong inside a place is also reported for all that is around it, which says nothing new.
  return found.filter(({ property }) => !found.some((other) => other.property.startsWith(`${property}.`)));
}

const definedOnly = (schema: RJSFSchema): RJSFSchema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
