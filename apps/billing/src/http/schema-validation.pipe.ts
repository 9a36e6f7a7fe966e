import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, problemDetails } from './problem.js';

/** Checks body, query and path against the zod schema of the route: 422 with a JSON pointer for each complaint. */
export const schemaValidationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new Problem(
      problemDetails(422, 'invalid_request', 'The request does not fit the schema of the route.', {
        errors: issues.slice(0, 100).map((issue) => ({
          pointer: (issue.path ?? []).map((step) => `/${String(typeof step === 'object' ? step.key : step)}`).join(''),
          detail: issue.message,
        })),
      }),
    ),
});
