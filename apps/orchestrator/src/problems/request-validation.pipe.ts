import type { ArgumentMetadata } from '@nestjs/common';
import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldProblem } from './problem.error.js';
import { ProblemError, invalidRequest, notFound, toPointer } from './problem.error.js';
import { unstorable } from './storable.js';

const MAX_COMPLAINTS = 100;

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
    const faults = metadata.type === 'body' || metadata.type === 'query' ? unstorable(value) : [];
    if (faults.length > 0) throw invalidRequest(faults);
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (metadata.type === 'param' && error instanceof ProblemError) throw notFound();
      throw error;
    }
  }

  /** Nest would take members named `constructor` away without a word; such an attribute is as good as any other. */
  protected override stripProtoKeys(): void {
    // What would harm is refused above.
  }
}
