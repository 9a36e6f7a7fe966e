import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Caller, ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import type { Caller as CallerIdentity } from '../auth/key-resolver.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { Books } from './books.js';
import { booksView } from './books.js';
import type { JobPage, JobPath, JobQuery, JobView } from './job-request.js';
import { jobPage, jobPath, jobQuery, jobView } from './job-request.js';
import { JobsService } from './jobs.service.js';

/** Jobs that were started: their state, their end, their books. */
@Controller('v1/jobs')
@ForWorkspace()
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @ApiRoute({ summary: 'Jobs, newest first', response: jobPage })
  async getJobs(@Workspace() workspaceId: string, @Query({ schema: jobQuery }) query: JobQuery): Promise<JobPage> {
    return this.jobs.page(workspaceId, query);
  }

  @Get(':jobId')
  @ApiRoute({ summary: 'A job', response: jobView })
  async getJob(@Workspace() workspaceId: string, @Param({ schema: jobPath }) { jobId }: JobPath): Promise<JobView> {
    return this.jobs.read({ workspaceId, jobId });
  }

  @Post(':jobId/cancel')
  @ApiRoute({
    summary: 'Cancel a job',
    description: 'Acknowledged at once; the job is undone as its `onCancel` says, and ends `cancelled`.',
    status: 202,
    response: jobView,
    idempotent: true,
  })
  async cancel(
    @Caller() { workspaceId, keyId }: CallerIdentity,
    @IdempotencyKey() key: string | undefined,
    @Param({ schema: jobPath }) { jobId }: JobPath,
  ): Promise<JobView> {
    return this.jobs.steer({ workspaceId, jobId }, 'cancel', { key, keyId });
  }

  @Post(':jobId/compensate')
  @ApiRoute({
    summary: 'Try again to take back what a job wrote at providers',
    description:
      'For a job that is `compensation_failed`: it is tried again by itself, and at once when this asks for it. ' +
      'Once a provider has taken everything back the job ends as it was to end, `failed` or `cancelled`.',
    status: 202,
    response: jobView,
    idempotent: true,
  })
  async compensate(
    @Caller() { workspaceId, keyId }: CallerIdentity,
    @IdempotencyKey() key: string | undefined,
    @Param({ schema: jobPath }) { jobId }: JobPath,
  ): Promise<JobView> {
    return this.jobs.steer({ workspaceId, jobId }, 'compensate', { key, keyId });
  }

  @Get(':jobId/books')
  @ApiRoute({
    summary: 'The books of a job, recomputed from both databases',
    description:
      'Closed: the job is final, nothing is held, pending or still to be taken back at a provider, and the cells captured ' +
      'are exactly the billable cells filled.',
    response: booksView,
  })
  async getBooks(@Workspace() workspaceId: string, @Param({ schema: jobPath }) { jobId }: JobPath): Promise<Books> {
    return this.jobs.books({ workspaceId, jobId });
  }
}
