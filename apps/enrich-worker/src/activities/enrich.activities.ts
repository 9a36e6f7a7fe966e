import { Inject, Injectable } from '@nestjs/common';
import { PageRunner, type PageActivities, type ServiceEnvironment } from '@uno/worker-kit';
import type { FillPageResult, PageAddress } from '@uno/workflow-contracts';
import { EnrichWaterfall, type EnrichProvider } from '../enrich/index.js';

export interface EnrichSettings {
  /** In the order in which they are asked. */
  readonly providers: readonly EnrichProvider[];
  readonly limits: ServiceEnvironment['limits'];
}

export const ENRICH_SETTINGS = Symbol('ENRICH_SETTINGS');

@Injectable()
export class EnrichActivities implements PageActivities {
  constructor(
    private readonly pages: PageRunner,
    @Inject(ENRICH_SETTINGS) private readonly settings: EnrichSettings,
  ) {}

  /** Fills one page by waterfall. A repeat gets the rows that are still open, so no call is made twice but those in flight. */
  async fillPage(address: PageAddress): Promise<FillPageResult> {
    const { providers, limits } = this.settings;
    const { chunkSize: lookupsPerCall, retryBudgetSeconds } = limits;
    return this.pages.run({ address, ...limits }, ({ leases, signal, settle, ...context }) => {
      const waterfall = new EnrichWaterfall({ providers, leases, lookupsPerCall, retryBudgetSeconds });
      const page = waterfall.openPage(context.page, context.runningMs);
      return async (rows) => settle(await waterfall.lookUp(rows, { page, signal }));
    });
  }
}
