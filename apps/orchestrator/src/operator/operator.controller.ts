import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ForOperator } from '../auth/auth.decorators.js';
import type { ServicePath } from '../services/service.schema.js';
import { servicePath } from '../services/service.schema.js';
import type {
  CreatedWorkspace,
  NewWorkspace,
  ServiceKeyBody,
  WorkspacePath,
  WorkspaceView,
} from './operator.schema.js';
import { newWorkspace, serviceKeyBody, workspacePath } from './operator.schema.js';
import { OperatorService } from './operator.service.js';

/** Routes for the operator of the installation. */
@Controller('internal/v1')
@ForOperator()
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Post('workspaces')
  @HttpCode(201)
  async createWorkspace(@Body({ schema: newWorkspace }) { name }: NewWorkspace): Promise<CreatedWorkspace> {
    return this.operator.createWorkspace(name);
  }

  @Get('workspaces/:workspaceId')
  async getWorkspace(@Param({ schema: workspacePath }) { workspaceId }: WorkspacePath): Promise<WorkspaceView> {
    return this.operator.readWorkspace(workspaceId);
  }

  @Put('services/:serviceId/key')
  @HttpCode(204)
  async setServiceKey(
    @Param({ schema: servicePath }) { serviceId }: ServicePath,
    @Body({ schema: serviceKeyBody }) { key }: ServiceKeyBody,
  ): Promise<void> {
    await this.operator.setServiceKey(serviceId, key);
  }
}
