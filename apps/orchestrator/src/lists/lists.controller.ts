import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { PageQuery } from '../openapi/paging.schema.js';
import type { ListChange, ListPage, ListPath, ListView, NewList } from './list.schema.js';
import { listChange, listPage, listPath, listQuery, listView, newList } from './list.schema.js';
import { ListsService } from './lists.service.js';

/** Routes of lists themselves. */
@Controller('v1/lists')
@ForWorkspace()
export class ListsController {
  constructor(private readonly lists: ListsService) {}

  @Post()
  @ApiRoute({ summary: 'Create a list', status: 201, response: listView, idempotent: true })
  async createList(
    @Workspace() workspaceId: string,
    @IdempotencyKey() key: string | undefined,
    @Body({ schema: newList }) body: NewList,
  ): Promise<ListView> {
    return this.lists.create(workspaceId, body, key);
  }

  @Get()
  @ApiRoute({ summary: 'Lists, newest first', response: listPage })
  async getLists(@Workspace() workspaceId: string, @Query({ schema: listQuery }) query: PageQuery): Promise<ListPage> {
    return this.lists.page(workspaceId, query);
  }

  @Get(':listId')
  @ApiRoute({ summary: 'A list', response: listView })
  async getList(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
  ): Promise<ListView> {
    return this.lists.read({ workspaceId, listId });
  }

  @Patch(':listId')
  @ApiRoute({ summary: 'Rename a list or correct its identity', response: listView })
  async changeList(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @Body({ schema: listChange }) body: ListChange,
  ): Promise<ListView> {
    return this.lists.change({ workspaceId, listId }, body);
  }

  @Delete(':listId')
  @ApiRoute({ summary: 'Delete a list that no job is working on', status: 204, errors: [409] })
  async deleteList(@Workspace() workspaceId: string, @Param({ schema: listPath }) { listId }: ListPath): Promise<void> {
    await this.lists.remove({ workspaceId, listId });
  }
}
