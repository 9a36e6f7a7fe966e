import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { unauthorized } from '../problems/problem.error.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { bearerToken } from './bearer.js';
import { KeyResolver } from './key-resolver.js';

/** Lets workers in: their service key says which service they are. */
@Injectable()
export class ServiceGuard implements CanActivate {
  constructor(private readonly keys: KeyResolver) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const serviceId = await this.keys.service(bearerToken(request));
    if (serviceId === undefined) throw unauthorized();
    request.serviceId = serviceId;
    return true;
  }
}
