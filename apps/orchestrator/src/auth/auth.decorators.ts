import type { ExecutionContext } from '@nestjs/common';
import { UseGuards, applyDecorators, createParamDecorator } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeController } from '@nestjs/swagger';
import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Caller as CallerIdentity } from './key-resolver.js';
import { OperatorGuard } from './operator.guard.js';
import { ServiceGuard } from './service.guard.js';
import { WorkspaceGuard } from './workspace.guard.js';

/** On a controller: its routes need a workspace's API key and stand in the public OpenAPI document. */
export const ForWorkspace = () => applyDecorators(UseGuards(WorkspaceGuard), ApiBearerAuth('apiKey'));

/** On a controller: its routes are for workers, with a service key. */
export const ForService = () => applyDecorators(UseGuards(ServiceGuard), ApiExcludeController());

/** On a controller: its routes are for the operator of the installation. */
export const ForOperator = () => applyDecorators(UseGuards(OperatorGuard), ApiExcludeController());

const requestOf = (context: ExecutionContext): AuthenticatedRequest =>
  context.switchToHttp().getRequest<AuthenticatedRequest>();

/** A parameter decorated so on a route without the guard is a programming error, told at the first request. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The route has no guard that says who is calling');
  return value;
}

/** The id of the caller's workspace. */
export const Workspace = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => present(requestOf(context).caller).workspaceId,
);

/** Workspace and key of the caller, where it is recorded who did something. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerIdentity =>
  present(requestOf(context).caller),
);

/** The id of the service whose worker is calling. */
export const Service = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  present(requestOf(context).serviceId),
);
