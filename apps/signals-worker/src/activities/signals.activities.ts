import { Inject, Injectable } from '@nestjs/common';
import { PageRunner, type PageActivities, type ServiceEnvironment } from '@uno/worker-kit';
import type { FillPageResult, PageAddress } from '@uno/workflow-contracts';
import { fillSignals, type SignalsProvider } from '../signals/index.js';

export interface SignalsSettings {
  readonly provider: SignalsProvider;
  readonly limits: ServiceEnvironment['limits'];
}

export const SIGNALS_SETTINGS = Symbol('SIGNALS_SETTINGS');

@Injectable()
export class SignalsActivities implements PageActivities {
  constructor(
    private readonly pages: PageRunner,
    @Inject(SIGNALS_SETTINGS) private readonly settings: SignalsSettings,
  ) {}

  /** Fills one page. A repeat gets the rows that are still open, so no call is made twice but those in flight. */
  async fillPage(address: PageAddress): Promise<FillPageResult> {
    const { provider, limits } = this.settings;
    return this.pages.run({ address, ...limits }, (context) => fillSignals(context, provider));
  }
}
