import type { Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Knows the dialect, draft 2020-12, and no schema beside: to prepare that costs more than everything else here. */
const dialect = new Ajv2020({ strict: false, validateFormats: false });

/**
 * Compiles a schema that somebody else wrote, alone, so that the names of two never meet. Unknown keywords are allowed:
 * services annotate their schemas. References are calls and the code is left as it comes: otherwise a schema of a few KiB
 * could become gigabytes of code.
 *
 * @throws Error when it is no JSON Schema, or refers to something outside itself
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>, options: Options = {}): ValidateFunction {
  if (dialect.validateSchema(schema) !== true) throw new Error(dialect.errorsText(undefined, { dataVar: 'schema' }));
  const ajv = new Ajv2020({
    ...{ strict: false, validateFormats: false, validateSchema: false, meta: false, logger: false },
    ...{ inlineRefs: false, code: { optimize: false } },
    ...options,
  });
  return ajv.compile(schema);
}
