import { Injectable } from '@nestjs/common';
import type {
  Effect,
  EffectsPage,
  EffectsReply,
  JobRef,
  OutcomesReply,
  OutcomesRequest,
} from '@uno/workflow-contracts';
import { Database } from '../database/database.js';
import { readJobHead } from '../jobs/job-lock.js';
import { fenceOf, gone } from '../pages/step-ref.js';
import type { StepRef } from '../pages/step-ref.js';
import { notFound } from '../problems/problem.error.js';
import type { EffectPage, EffectQuery } from './effect.schema.js';
import { readJobEffects } from './job-effects.js';
import { journalEffects } from './journal-effects.js';
import { readEffectsPage, recordOutcomes } from './revert-page.js';

const NOT_UNDONE = 'The job is not undone under this fence, or the step is not one of this service.';

/** What jobs write at providers: the journal for workers, and what became of it for people. */
@Injectable()
export class EffectsService {
  constructor(private readonly database: Database) {}

  async journal(step: StepRef, effects: readonly Effect[]): Promise<EffectsReply> {
    const reply = await journalEffects(this.database, await fenceOf(this.database, step), step, effects);
    if (!reply) throw gone();
    return reply;
  }

  async toRevert(step: StepRef, cursor = ''): Promise<EffectsPage> {
    const page = await readEffectsPage(this.database, await fenceOf(this.database, step), step, cursor);
    if (!page) throw gone(NOT_UNDONE);
    return page;
  }

  async recordOutcomes(step: StepRef, outcomes: OutcomesRequest['outcomes']): Promise<OutcomesReply> {
    const reply = await recordOutcomes(this.database, await fenceOf(this.database, step), step, outcomes);
    if (!reply) throw gone(NOT_UNDONE);
    return reply;
  }

  async ofJob(job: JobRef, query: EffectQuery): Promise<EffectPage> {
    return this.database.inWorkspace(job.workspaceId, async (sql) => {
      if (!(await readJobHead(sql, job))) throw notFound('job');
      return readJobEffects(sql, job, query);
    });
  }
}
