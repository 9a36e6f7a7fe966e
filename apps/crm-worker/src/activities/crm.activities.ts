import { Inject, Injectable } from '@nestjs/common';
import { PageRunner, RevertRunner, type PageActivities, type ServiceEnvironment } from '@uno/worker-kit';
import type { FillPageResult, PageAddress, RevertPageResult } from '@uno/workflow-contracts';
import { fillCrm, revertCrm, type CrmProvider } from '../crm/index.js';

export interface CrmSettings {
  readonly provider: CrmProvider;
  readonly limits: ServiceEnvironment['limits'];
}

export const CRM_SETTINGS = Symbol('CRM_SETTINGS');

@Injectable()
export class CrmActivities implements PageActivities {
  constructor(
    private readonly pages: PageRunner,
    private readonly reverts: RevertRunner,
    @Inject(CRM_SETTINGS) private readonly settings: CrmSettings,
  ) {}

  /** Writes one page into the CRM. A repeat gets the rows that are still open; writing one of them again changes nothing. */
  async fillPage(address: PageAddress): Promise<FillPageResult> {
    const { provider, limits } = this.settings;
    const { jobId } = address;
    return this.pages.run({ address, ...limits }, (context) => fillCrm(context, { jobId, provider }));
  }

  /** Takes the writes of one page back. A repeat gets the records that have no outcome yet. */
  async revertPage(address: PageAddress): Promise<RevertPageResult> {
    const { provider, limits } = this.settings;
    const { jobId } = address;
    return this.reverts.run({ address, ...limits }, (effects, context) =>
      revertCrm(effects, context, { jobId, provider }),
    );
  }
}
