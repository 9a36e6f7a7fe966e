import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import type { ListPath } from '../lists/list.schema.js';
import { listPath } from '../lists/list.schema.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { ColumnChange, ColumnCollection, ColumnPath, ColumnView, NewColumn } from './column.schema.js';
import { columnChange, columnCollection, columnPath, columnView, newColumn } from './column.schema.js';
import { ColumnsService } from './columns.service.js';

/** Routes of the columns of a list. */
@Controller('v1/lists/:listId/columns')
@ForWorkspace()
export class ColumnsController {
  constructor(private readonly columns: ColumnsService) {}

  @Get()
  @ApiRoute({ summary: 'Columns of a list, in their order', response: columnCollection })
  async getColumns(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
  ): Promise<ColumnCollection> {
    return this.columns.all({ workspaceId, listId });
  }

  @Post()
  @ApiRoute({ summary: 'Add a column that a service fills', status: 201, response: columnView, idempotent: true })
  async createColumn(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @IdempotencyKey() key: string | undefined,
    @Body({ schema: newColumn }) body: NewColumn,
  ): Promise<ColumnView> {
    return this.columns.add({ workspaceId, listId }, body, key);
  }

  @Get(':columnId')
  @ApiRoute({ summary: 'A column', response: columnView })
  async getColumn(
    @Workspace() workspaceId: string,
    @Param({ schema: columnPath }) { listId, columnId }: ColumnPath,
  ): Promise<ColumnView> {
    return this.columns.read({ workspaceId, listId, columnId });
  }

  @Patch(':columnId')
  @ApiRoute({
    summary: 'Rename a column or change its config',
    description:
      'A new config counts for the next job. Cells that are filled keep their values and are not stale by it: fill the column ' +
      'again with the scope `all`.',
    response: columnView,
    errors: [409],
  })
  async changeColumn(
    @Workspace() workspaceId: string,
    @Param({ schema: columnPath }) { listId, columnId }: ColumnPath,
    @Body({ schema: columnChange }) body: ColumnChange,
  ): Promise<ColumnView> {
    return this.columns.change({ workspaceId, listId, columnId }, body);
  }

  @Delete(':columnId')
  @ApiRoute({ summary: 'Delete a column that no job is working on', status: 204, errors: [409] })
  async deleteColumn(
    @Workspace() workspaceId: string,
    @Param({ schema: columnPath }) { listId, columnId }: ColumnPath,
  ): Promise<void> {
    await this.columns.remove({ workspaceId, listId, columnId });
  }
}
