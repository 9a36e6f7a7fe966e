import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { ListPath } from './list.schema.js';
import { listPath } from './list.schema.js';
import type { CreatedRows, NewRows, RowChange, RowPage, RowPath, RowView, RowsQuery } from './row.schema.js';
import { createdRows, newRows, rowChange, rowPage, rowPath, rowView, rowsQuery } from './row.schema.js';
import { RowsService } from './rows.service.js';

/** Routes of the rows of a list. */
@Controller('v1/lists/:listId/rows')
@ForWorkspace()
export class RowsController {
  constructor(private readonly rows: RowsService) {}

  @Get()
  @ApiRoute({
    summary: 'Rows with their cells, by cursor or from a position',
    description:
      'A page ends early, with its `nextCursor`, before its rows weigh more than 8 MiB. It has at least one row.',
    response: rowPage,
  })
  async getRows(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @Query({ schema: rowsQuery }) query: RowsQuery,
  ): Promise<RowPage> {
    return this.rows.page({ workspaceId, listId }, query);
  }

  @Post()
  @ApiRoute({ summary: 'Append up to 1,000 rows', status: 201, response: createdRows, idempotent: true, errors: [413] })
  async createRows(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @IdempotencyKey() key: string | undefined,
    @Body({ schema: newRows }) body: NewRows,
  ): Promise<CreatedRows> {
    return this.rows.add({ workspaceId, listId }, body, key);
  }

  @Patch(':rowId')
  @ApiRoute({ summary: 'Merge attributes into a row; null takes one away', response: rowView })
  async changeRow(
    @Workspace() workspaceId: string,
    @Param({ schema: rowPath }) { listId, rowId }: RowPath,
    @Body({ schema: rowChange }) { entity }: RowChange,
  ): Promise<RowView> {
    return this.rows.change({ workspaceId, listId, rowId }, entity);
  }

  @Delete(':rowId')
  @ApiRoute({ summary: 'Delete a row', status: 204 })
  async deleteRow(
    @Workspace() workspaceId: string,
    @Param({ schema: rowPath }) { listId, rowId }: RowPath,
  ): Promise<void> {
    await this.rows.remove({ workspaceId, listId, rowId });
  }
}
