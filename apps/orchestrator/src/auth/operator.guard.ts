import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../config/config.js';
import { unauthorized } from '../problems/problem.error.js';
import { bearerToken, isSameKey } from './bearer.js';

/** Lets the operator of the installation in, who makes workspaces and gives services their keys. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const given = bearerToken(context.switchToHttp().getRequest<Request>());
    if (!isSameKey(given, this.config.operatorKey)) throw unauthorized();
    return true;
  }
}
