import { Module } from '@nestjs/common';
import { CellsController } from './cells.controller.js';
import { CellsService } from './cells.service.js';

@Module({ controllers: [CellsController], providers: [CellsService] })
export class CellsModule {}
