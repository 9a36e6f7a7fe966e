import { Inject, Injectable } from '@nestjs/common';
import { PageRunner } from '@uno/worker-kit';
import type { FillPageResult, PageAddress } from '@uno/workflow-contracts';
import { EnrichWaterfall, type EnrichProvider } from '../enrich/index.js';

export interface EnrichSettings {
  /** In the order in which they are asked. */
  readonly providers: readonly EnrichProvider[];
  readonly lookupsPerCall: number;
  readonly callsPerPage: number;
  readonly callsAtATime: number;
  readonly retryBudgetSeconds: number;
}

export const ENRICH_SETTINGS = Symbol('ENRICH_SETTINGS');

/** What the workflow calls; checked against the class when the worker starts. */
export const PROMISED_ACTIVITIES = ['fillPage'] as const satisfies (keyof EnrichActivities)[];

@Injectable()
export class EnrichActivities {
  constructor(
    private readonly pages: PageRunner,
    @Inject(ENRICH_SETTINGS) private readonly settings: EnrichSettings,
  ) {}

  /** Fills one page by waterfall. A repeat gets the rows that are still open, so no call is made twice but those in flight. */
  async fillPage(address: PageAddress): Promise<FillPageResult> {
    const { lookupsPerCall, callsPerPage, callsAtATime, ...settings } = this.settings;
    const run = { chunkSize: lookupsPerCall, concurrency: callsPerPage, processConcurrency: callsAtATime };
    return this.pages.run({ address, ...run }, (context) => {
      const waterfall = new EnrichWaterfall({ ...settings, lookupsPerCall, leases: context.leases });
      const page = waterfall.openPage(context.page, context.runningMs);
      return async (rows) => context.settle(await waterfall.lookUp(rows, { page, signal: context.signal }));
    });
  }
}
