import { Module } from '@nestjs/common';
import { ExportService } from './export.service.js';
import { FilesController } from './files.controller.js';
import { ImportService } from './import.service.js';
import { ListsController } from './lists.controller.js';
import { ListsService } from './lists.service.js';
import { RowsController } from './rows.controller.js';
import { RowsService } from './rows.service.js';

@Module({
  controllers: [ListsController, RowsController, FilesController],
  providers: [ListsService, RowsService, ImportService, ExportService],
})
export class ListsModule {}
