import type { ArgumentMetadata } from '@nestjs/common';
import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldProblem } from './problem.error.js';
import { ProblemError, invalidRequest, notFound } from './problem.error.js';

const MAX_COMPLAINTS = 100;
/** Code that walks a value would run out of stack; nobody needs so much. */
const MAX_BODY_DEPTH = 64;

/**
 * Checks body, query and path against the zod schema that stands in the decorator of the parameter: 422 with a JSON
 * pointer for each complaint. A path that cannot name anything is a 404, as any other unknown id.
 */
@Injectable()
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) =>
        invalidRequest(
          issues.slice(0, MAX_COMPLAINTS).map(({ path, message }): FieldProblem => ({
            pointer: toPointer(path ?? []),
            detail: message,
          })),
        ),
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' && isTooDeep(value)) {
      throw invalidRequest([{ pointer: '', detail: `must not be nested deeper than ${MAX_BODY_DEPTH} levels` }]);
    }
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (metadata.type === 'param' && error instanceof ProblemError) throw notFound();
      throw error;
    }
  }
}

/** A JSON pointer (RFC 6901) of the steps from the root of a document. */
export function toPointer(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path
    .map((step) => String(typeof step === 'object' ? step.key : step))
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function isTooDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_BODY_DEPTH) return true;
    level = level.flatMap((part): unknown[] => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return false;
}
