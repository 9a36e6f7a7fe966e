import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { unauthorized } from '../problems/problem.error.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { bearerToken } from './bearer.js';
import { KeyResolver } from './key-resolver.js';

/** Lets requests in that carry a workspace's API key. */
@Injectable()
export class WorkspaceGuard implements CanActivate {
  constructor(private readonly keys: KeyResolver) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller = await this.keys.caller(bearerToken(request));
    if (!caller) throw unauthorized();
    request.caller = caller;
    return true;
  }
}
