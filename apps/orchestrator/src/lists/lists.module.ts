import { Module } from '@nestjs/common';
import { ListsController } from './lists.controller.js';
import { ListsService } from './lists.service.js';
import { RowsController } from './rows.controller.js';
import { RowsService } from './rows.service.js';

@Module({ controllers: [ListsController, RowsController], providers: [ListsService, RowsService] })
export class ListsModule {}
