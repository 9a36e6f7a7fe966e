import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { MAX_VALUE_BYTES, failureReport, settleRequest } from '@uno/workflow-contracts';
import type { FailureReport, SettleReply, SettleRequest, StepPage } from '@uno/workflow-contracts';
import { z } from 'zod';
import { ForService, Service } from '../auth/auth.decorators.js';
import { id } from '../openapi/paging.schema.js';
import { invalidRequest } from '../problems/problem.error.js';
import { PagesService } from './pages.service.js';

const number = z.coerce.number().int().nonnegative().max(2_000_000_000);
const stepPath = z.object({ jobId: id, pageNo: number, stepNo: number });
type StepPath = z.infer<typeof stepPath>;
const fenceQuery = z.object({ fence: number });
type FenceQuery = z.infer<typeof fenceQuery>;

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
  ): Promise<StepPage> {
    return this.pages.read({ ...path, fence, serviceId });
  }

  @Post('results')
  @HttpCode(200)
  async settle(
    @Service() serviceId: string,
    @Param({ schema: stepPath }) path: StepPath,
    @Body({ schema: settleRequest }) { fence, results }: SettleRequest,
  ): Promise<SettleReply> {
    const faults = results.flatMap((result, index) => {
      const detail = faultOf(result);
      return detail === undefined ? [] : [{ pointer: `/results/${index}`, detail }];
    });
    if (faults.length > 0) throw invalidRequest(faults.slice(0, 20));
    return this.pages.settle({ ...path, fence, serviceId }, results);
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
    if (Buffer.byteLength(JSON.stringify(value)) > MAX_VALUE_BYTES)
      return `a value has at most ${MAX_VALUE_BYTES} bytes`;
  } else if (status !== 'not_found' && !reason) {
    return `a cell that is ${status} needs a reason`;
  }
  return undefined;
}
