import { Controller, Get, Param, Query } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { jobPath } from '../jobs/job-request.js';
import type { JobPath } from '../jobs/job-request.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { EffectPage, EffectQuery } from './effect.schema.js';
import { effectPage, effectQuery } from './effect.schema.js';
import { EffectsService } from './effects.service.js';

/** What a job wrote outside, for people. */
@Controller('v1/jobs/:jobId/effects')
@ForWorkspace()
export class JobEffectsController {
  constructor(private readonly effects: EffectsService) {}

  @Get()
  @ApiRoute({
    summary: 'Records that a job wrote at providers',
    description:
      'Each with what the job found there first and set there last, and, once the job is undone, how its revert ended. ' +
      'A page holds fewer than `limit` where values are long.',
    response: effectPage,
  })
  async getJobEffects(
    @Workspace() workspaceId: string,
    @Param({ schema: jobPath }) { jobId }: JobPath,
    @Query({ schema: effectQuery }) query: EffectQuery,
  ): Promise<EffectPage> {
    return this.effects.ofJob({ workspaceId, jobId }, query);
  }
}
