import { Module } from '@nestjs/common';
import { ControlBeats } from './control-beats.js';
import { PagesController } from './pages.controller.js';
import { PagesService } from './pages.service.js';
import { RateLeases } from './rate-leases.js';
import { SteeringController } from './steering.controller.js';

@Module({
  controllers: [PagesController, SteeringController],
  providers: [PagesService, RateLeases, ControlBeats],
})
export class PagesModule {}
