import { Module } from '@nestjs/common';
import { ServicesModule } from '../services/services.module.js';
import { ColumnsController } from './columns.controller.js';
import { ColumnsService } from './columns.service.js';

@Module({ imports: [ServicesModule], controllers: [ColumnsController], providers: [ColumnsService] })
export class ColumnsModule {}
