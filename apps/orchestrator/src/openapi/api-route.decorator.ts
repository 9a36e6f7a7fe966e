import { HttpCode, applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

export interface ApiRouteOptions {
  /** One line for the document: what the route does. */
  readonly summary: string;
  readonly description?: string;
  /** Status of success; 200 unless said otherwise. */
  readonly status?: number;
  /** Schema of the answer; leave out for 204. */
  readonly response?: z.ZodType;
  /** Media type of an answer that is no JSON. */
  readonly contentType?: string;
  /** Statuses of refusals beside 401, 404, 422 and 503, which every route may answer. */
  readonly errors?: readonly number[];
  /** The route takes an `Idempotency-Key`. */
  readonly idempotent?: boolean;
}

const ALWAYS = [401, 404, 422, 503];

/** Declares a public route: its status, its answer for the OpenAPI document (and so for the typed client), its refusals. */
export function ApiRoute(options: ApiRouteOptions): MethodDecorator {
  const { summary, description, status = 200, response, contentType, errors = [], idempotent = false } = options;
  const conflicts = idempotent ? [409] : [];
  const refusals = [...new Set([...ALWAYS, ...conflicts, ...errors])].sort((a, b) => a - b);
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(description && { description }) }),
    ApiResponse({
      status,
      description: summary,
      ...(response && { standardSchema: response }),
      ...(contentType !== undefined && { content: { [contentType]: { schema: { type: 'string' } } } }),
    }),
    ...refusals.map((refusal) =>
      ApiResponse({
        status: refusal,
        description: 'Problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
    ...(idempotent
      ? [
          ApiHeader({
            name: 'Idempotency-Key',
            required: false,
            description: 'At most one effect per key: a repeat gets the first answer.',
            schema: { type: 'string', maxLength: 255 },
          }),
        ]
      : []),
  );
}
