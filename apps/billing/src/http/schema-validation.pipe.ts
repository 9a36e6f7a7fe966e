import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, problemDetails } from './problem.js';

/** Checks body, query and path against the zod schema of the route: 422 with a JSON pointer for each complaint. */
class SchemaValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) =>
        new Problem(
          problemDetails(422, 'invalid_request', 'The request does not fit the schema of the route.', {
            errors: issues.slice(0, 100).map((issue) => ({
              pointer: (issue.path ?? []).map((step) => toPointer(typeof step === 'object' ? step.key : step)).join(''),
              detail: issue.message,
            })),
          }),
        ),
    });
  }

  /** Nest would walk members that the schemas leave aside anyway, at any depth, until its stack ends. */
  protected override stripProtoKeys(): void {
    // What a schema does not name is not read.
  }
}

/** A step of a JSON pointer (RFC 6901). */
const toPointer = (step: PropertyKey): string => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const schemaValidationPipe = new SchemaValidationPipe();
