import { Module } from '@nestjs/common';
import { EffectsService } from './effects.service.js';
import { JobEffectsController } from './job-effects.controller.js';
import { StepEffectsController } from './step-effects.controller.js';

@Module({ controllers: [StepEffectsController, JobEffectsController], providers: [EffectsService] })
export class EffectsModule {}
