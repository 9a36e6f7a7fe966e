import { Injectable } from '@nestjs/common';
import type { FailureReport, SettleReply, SettleRequest, StepPageSent } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { readStepPage } from './step-page.js';
import { settleCells } from './settle-cells.js';
import { fenceOf, gone } from './step-ref.js';
import type { StepRef } from './step-ref.js';

/** The Page API's side of the job protocol: what a worker may see and write, which is open pages of its own service. */
@Injectable()
export class PagesService {
  constructor(private readonly database: Database) {}

  async read(step: StepRef): Promise<StepPageSent> {
    const page = await readStepPage(this.database, await fenceOf(this.database, step), step);
    if (!page) throw gone();
    return page;
  }

  async settle(step: StepRef, { results, memories }: SettleRequest): Promise<SettleReply> {
    const reply = await settleCells(this.database, await fenceOf(this.database, step), step, results, memories);
    if (!reply) throw gone();
    return reply;
  }

  /** Keeps why a page failed; the id is what travels through Temporal. */
  async reportFailure(step: StepRef, report: FailureReport): Promise<string> {
    const { workspaceId, jobId } = await fenceOf(this.database, step);
    const errorId = newId('err');
    await this.database.inWorkspace(workspaceId, (sql) =>
      sql.run(
        `insert into page_failure (workspace_id, id, job_id, page_no, step_no, service_id, code, message, provider)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          workspaceId,
          errorId,
          jobId,
          step.pageNo,
          step.stepNo,
          step.serviceId,
          report.code,
          report.message,
          report.provider ?? null,
        ],
      ),
    );
    return errorId;
  }
}
