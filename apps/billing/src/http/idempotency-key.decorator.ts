import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { Request } from 'express';
import { Problem, problemDetails } from './problem.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a request: 1 to 255 visible ASCII characters, required on every POST. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const key = context.switchToHttp().getRequest<Request>().headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') {
    throw new Problem(problemDetails(400, 'idempotency_key_required', 'Send an Idempotency-Key with every POST.'));
  }
  if (!KEY.test(key)) {
    throw new Problem(
      problemDetails(400, 'idempotency_key_invalid', 'An Idempotency-Key has 1 to 255 visible ASCII characters.'),
    );
  }
  return key;
});
