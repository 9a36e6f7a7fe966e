import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { effectsRequest, outcomesRequest } from '@uno/workflow-contracts';
import type {
  EffectsPage,
  EffectsReply,
  EffectsRequest,
  OutcomesReply,
  OutcomesRequest,
} from '@uno/workflow-contracts';
import { ForService, Service } from '../auth/auth.decorators.js';
import { stepPath } from '../pages/step-ref.js';
import type { StepPath } from '../pages/step-ref.js';
import { invalidRequest } from '../problems/problem.error.js';
import { stepEffectsQuery } from './effect.schema.js';
import type { StepEffectsQuery } from './effect.schema.js';
import { EffectsService } from './effects.service.js';
import { tooLargeEffects } from './journal-effects.js';

/** The part of the Page API for services that write at a provider: journal first, and take back from the journal. */
@Controller('internal/v1/jobs/:jobId/pages/:pageNo/steps/:stepNo/effects')
@ForService()
export class StepEffectsController {
  constructor(private readonly effects: EffectsService) {}

  @Post()
  @HttpCode(200)
  async journal(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Body({ schema: effectsRequest }) { fence, effects }: EffectsRequest,
  ): Promise<EffectsReply> {
    const faults = tooLargeEffects(effects);
    if (faults.length > 0) throw invalidRequest(faults.slice(0, 20));
    return this.effects.journal({ ...path, fence, serviceId }, effects);
  }

  @Get()
  async toRevert(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Query({ schema: stepEffectsQuery }) { fence, cursor }: StepEffectsQuery,
  ): Promise<EffectsPage> {
    return this.effects.toRevert({ ...path, fence, serviceId }, cursor);
  }

  @Post('outcomes')
  @HttpCode(200)
  async recordOutcomes(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Body({ schema: outcomesRequest }) { fence, outcomes }: OutcomesRequest,
  ): Promise<OutcomesReply> {
    return this.effects.recordOutcomes({ ...path, fence, serviceId }, outcomes);
  }
}
