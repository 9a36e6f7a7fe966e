import { Module } from '@nestjs/common';
import { ServicesModule } from '../services/services.module.js';
import { CellsController } from './cells.controller.js';
import { CellsService } from './cells.service.js';

@Module({ imports: [ServicesModule], controllers: [CellsController], providers: [CellsService] })
export class CellsModule {}
