import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Caller, ForWorkspace } from '../auth/auth.decorators.js';
import type { Caller as CallerIdentity } from '../auth/key-resolver.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import type { ListPath } from '../lists/list.schema.js';
import { listPath } from '../lists/list.schema.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { JobRequest, JobView, QuoteView } from './job-request.js';
import { jobRequest, jobView, quoteView } from './job-request.js';
import { JobsService } from './jobs.service.js';

/** What a job would cost, and starting one. */
@Controller('v1/lists/:listId')
@ForWorkspace()
export class ListJobsController {
  constructor(private readonly jobs: JobsService) {}

  @Post('quotes')
  @ApiRoute({ summary: 'What a job would fill, skip and cost', response: quoteView })
  async quote(
    @Caller() { workspaceId }: CallerIdentity,
    @Param({ schema: listPath }) { listId }: ListPath,
    @Body({ schema: jobRequest }) body: JobRequest,
  ): Promise<QuoteView> {
    return this.jobs.quote({ workspaceId, listId }, body);
  }

  @Post('jobs')
  @ApiRoute({ summary: 'Start a job', status: 202, response: jobView, idempotent: true })
  async start(
    @Caller() { workspaceId, keyId }: CallerIdentity,
    @IdempotencyKey() key: string | undefined,
    @Param({ schema: listPath }) { listId }: ListPath,
    @Body({ schema: jobRequest }) body: JobRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobView> {
    const job = await this.jobs.start({ workspaceId, listId }, body, { key, keyId });
    response.location(`/v1/jobs/${job.id}`);
    return job;
  }
}
