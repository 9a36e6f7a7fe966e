import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { MAX_MEMORY_BYTES, MAX_VALUE_BYTES, failureReport, settleRequest } from '@uno/workflow-contracts';
import type { FailureReport, SettleReply, SettleRequest, StepPageSent } from '@uno/workflow-contracts';
import { ForService, Service } from '../auth/auth.decorators.js';
import { invalidRequest } from '../problems/problem.error.js';
import { PagesService } from './pages.service.js';
import { fenceQuery, stepPath } from './step-ref.js';
import type { FenceQuery, StepPath } from './step-ref.js';

/** The Page API: the only way in which a worker touches a job. */
@Controller('internal/v1/jobs/:jobId/pages/:pageNo/steps/:stepNo')
@ForService()
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  async read(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Query({ schema: fenceQuery }) { fence }: FenceQuery,
  ): Promise<StepPageSent> {
    return this.pages.read({ ...path, fence, serviceId });
  }

  @Post('results')
  @HttpCode(200)
  async settle(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Body({ schema: settleRequest }) body: SettleRequest,
  ): Promise<SettleReply> {
    const faults = [
      ...body.results.map((result, index) => ({ pointer: `/results/${index}`, detail: faultOf(result) })),
      ...(body.memories ?? []).map(({ memory }, index) => ({
        pointer: `/memories/${index}`,
        detail: isLarger(memory, MAX_MEMORY_BYTES) ? `a memory has at most ${MAX_MEMORY_BYTES} bytes` : undefined,
      })),
    ].flatMap(({ pointer, detail }) => (detail === undefined ? [] : [{ pointer, detail }]));
    if (faults.length > 0) throw invalidRequest(faults.slice(0, 20));
    return this.pages.settle({ ...path, fence: body.fence, serviceId }, body);
  }

  @Post('failure')
  @HttpCode(201)
  async reportFailure(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Body({ schema: failureReport }) body: FailureReport,
  ): Promise<{ errorId: string }> {
    return { errorId: await this.pages.reportFailure({ ...path, fence: body.fence, serviceId }, body) };
  }
}

/** What the schema cannot say: a filled cell has a value of bounded size, an error and a skip have a reason. */
function faultOf({ status, value, reason }: SettleRequest['results'][number]): string | undefined {
  if (status === 'filled') {
    if (value === undefined || value === null) return 'a filled cell needs a value';
    if (isLarger(value, MAX_VALUE_BYTES)) return `a value has at most ${MAX_VALUE_BYTES} bytes`;
  } else if (status !== 'not_found' && !reason) {
    return `a cell that is ${status} needs a reason`;
  }
  return undefined;
}

const isLarger = (value: unknown, bytes: number): boolean => Buffer.byteLength(JSON.stringify(value)) > bytes;
