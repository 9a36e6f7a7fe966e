import { Injectable } from '@nestjs/common';
import type { CellResult, FailureReport, SettleReply, StepPage } from '@uno/workflow-contracts';
import { SUPERSEDED } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import type { Fence } from '../jobs/job-lock.js';
import { conflict, notFound } from '../problems/problem.error.js';
import type { ProblemError } from '../problems/problem.error.js';
import { readStepPage } from './step-page.js';
import { settleCells } from './settle-cells.js';

/** A step as a worker addresses it. */
export interface StepRef {
  readonly jobId: string;
  readonly pageNo: number;
  readonly stepNo: number;
  readonly fence: number;
  readonly serviceId: string;
}

const JOBS_REMEMBERED = 10_000;

/** The Page API's side of the job protocol: what a worker may see and write, which is open pages of its own service. */
@Injectable()
export class PagesService {
  /** A job never changes its workspace. */
  readonly #workspaces = new Map<string, string>();

  constructor(private readonly database: Database) {}

  async read(step: StepRef): Promise<StepPage> {
    const page = await readStepPage(this.database, await this.#fence(step), step);
    if (!page) throw gone();
    return page;
  }

  async settle(step: StepRef, results: readonly CellResult[]): Promise<SettleReply> {
    const reply = await settleCells(this.database, await this.#fence(step), step, results);
    if (!reply) throw gone();
    return reply;
  }

  /** Keeps why a page failed; the id is what travels through Temporal. */
  async reportFailure(step: StepRef, report: FailureReport): Promise<string> {
    const { workspaceId, jobId } = await this.#fence(step);
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

  async #fence({ jobId, fence }: StepRef): Promise<Fence> {
    const known = this.#workspaces.get(jobId);
    if (known !== undefined) return { workspaceId: known, jobId, fence };
    const [row] = await this.database.acrossWorkspaces<{ workspace_id: string | null }>(
      'select job_workspace($1) as workspace_id',
      [jobId],
    );
    if (!row?.workspace_id) throw notFound('job');
    if (this.#workspaces.size >= JOBS_REMEMBERED) this.#workspaces.clear();
    this.#workspaces.set(jobId, row.workspace_id);
    return { workspaceId: row.workspace_id, jobId, fence };
  }
}

const gone = (): ProblemError => conflict(SUPERSEDED, 'The page is sealed, or the job belongs to somebody else now.');
