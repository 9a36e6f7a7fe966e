import { createHash, timingSafeEqual } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { BillingConfig } from '../config/billing.config.js';
import { Problem, problemDetails } from './problem.js';

const KEYLESS = 'billing:keyless';

/** Marks a route that answers without a key: health and metrics. */
export const Keyless = () => SetMetadata(KEYLESS, true);

/** Lets only callers with the service key in. Digests are compared, so the time says nothing about key or length. */
@Injectable()
export class ServiceKeyGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(
    private readonly reflector: Reflector,
    config: BillingConfig,
  ) {
    this.expected = digest(`Bearer ${config.serviceKey}`);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(KEYLESS, [context.getHandler(), context.getClass()])) {
      return true;
    }
    const { authorization } = context.switchToHttp().getRequest<Request>().headers;
    if (!timingSafeEqual(digest(authorization ?? ''), this.expected)) {
      throw new Problem(problemDetails(401, 'unauthorized', 'Send the service key as a bearer token.'));
    }
    return true;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
