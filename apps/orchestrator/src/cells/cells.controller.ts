import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { CellDetails, CellEdit, CellPath } from './cell.schema.js';
import { cellDetails, cellEdit, cellPath } from './cell.schema.js';
import { CellsService } from './cells.service.js';

/** Routes of single cells. */
@Controller('v1/lists/:listId/rows/:rowId/cells/:columnId')
@ForWorkspace()
export class CellsController {
  constructor(private readonly cells: CellsService) {}

  @Get()
  @ApiRoute({ summary: 'A cell with its versions, where they came from and what they cost', response: cellDetails })
  async getCell(@Workspace() workspaceId: string, @Param({ schema: cellPath }) path: CellPath): Promise<CellDetails> {
    return this.cells.read({ workspaceId, ...path });
  }

  @Put()
  @ApiRoute({
    summary: 'Edit a cell by hand',
    description:
      'A job that is working on the cell leaves it alone from then on, and so do later jobs. Where the service says what the ' +
      'column holds, the value must be that: `invalid_value` otherwise.',
    response: cellDetails,
    errors: [409],
  })
  async editCell(
    @Workspace() workspaceId: string,
    @Param({ schema: cellPath }) path: CellPath,
    @Body({ schema: cellEdit }) { value }: CellEdit,
  ): Promise<CellDetails> {
    return this.cells.edit({ workspaceId, ...path }, value);
  }
}
