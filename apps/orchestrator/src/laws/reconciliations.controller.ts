import { Controller, Post } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { ReconciliationView } from './reconciliation.schema.js';
import { reconciliationView } from './reconciliation.schema.js';
import { ReconciliationsService } from './reconciliations.service.js';

/** Proof, on demand, that the laws hold. */
@Controller('v1/reconciliations')
@ForWorkspace()
export class ReconciliationsController {
  constructor(private readonly reconciliations: ReconciliationsService) {}

  @Post()
  @ApiRoute({
    summary: 'Check the laws of the workspace',
    description:
      'Reads both databases and the workflows anew and compares them, from the first credit on. Changes nothing. One at a time.',
    response: reconciliationView,
    errors: [429],
  })
  async reconcile(@Workspace() workspaceId: string): Promise<ReconciliationView> {
    return this.reconciliations.reconcile(workspaceId);
  }
}
