import { Inject, Injectable } from '@nestjs/common';
import { PageRunner, type PageActivities, type ServiceEnvironment } from '@uno/worker-kit';
import type { FillPageResult, PageAddress } from '@uno/workflow-contracts';
import { AiProvider, fillAi } from '../ai/index.js';

export const AI_LIMITS = Symbol('AI_LIMITS');

@Injectable()
export class AiActivities implements PageActivities {
  constructor(
    private readonly pages: PageRunner,
    private readonly provider: AiProvider,
    @Inject(AI_LIMITS) private readonly limits: ServiceEnvironment['limits'],
  ) {}

  /** Fills one page. A repeat gets the rows that are still open, so no call is made twice but those in flight. */
  async fillPage(address: PageAddress): Promise<FillPageResult> {
    return this.pages.run({ address, ...this.limits }, (context) => fillAi(context, this.provider));
  }
}
