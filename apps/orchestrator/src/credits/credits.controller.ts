import { Controller, Get, Query } from '@nestjs/common';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { CreditEntryPage, CreditEntryQuery, CreditsView } from './credits.schema.js';
import { creditEntryPage, creditEntryQuery, creditsView } from './credits.schema.js';
import { CreditsService } from './credits.service.js';

/** Routes of the workspace's credits. */
@Controller('v1/credits')
@ForWorkspace()
export class CreditsController {
  constructor(private readonly credits: CreditsService) {}

  @Get()
  @ApiRoute({ summary: 'Balances of the workspace', response: creditsView })
  async getCredits(@Workspace() workspaceId: string): Promise<CreditsView> {
    return this.credits.balances(workspaceId);
  }

  @Get('entries')
  @ApiRoute({ summary: 'Lines of the ledger, newest first', response: creditEntryPage })
  async getCreditEntries(
    @Workspace() workspaceId: string,
    @Query({ schema: creditEntryQuery }) query: CreditEntryQuery,
  ): Promise<CreditEntryPage> {
    return this.credits.entries(workspaceId, query);
  }
}
