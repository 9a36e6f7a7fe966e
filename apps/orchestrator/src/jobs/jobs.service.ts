import { Injectable } from '@nestjs/common';
import type { JobRef } from '@uno/workflow-contracts';
import { BillingClient } from '../billing/billing.client.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import type { ListRef } from '../lists/list-record.js';
import { OutboxRelay } from '../outbox/outbox.relay.js';
import { notFound } from '../problems/problem.error.js';
import { acceptJob, draftJob } from './accept-job.js';
import { readBooks } from './books.js';
import type { Books } from './books.js';
import type { JobPage, JobQuery, JobRequest, JobView, QuoteView } from './job-request.js';
import { jobViews, readJobView } from './job-view.js';
import { steerJob } from './steer-job.js';
import type { Action } from './steer-job.js';

/** What the API does with jobs: each call is one transaction; workflows are started and steered through the outbox. */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: Database,
    private readonly billing: BillingClient,
    private readonly relay: OutboxRelay,
  ) {}

  async quote(ref: ListRef, request: JobRequest): Promise<QuoteView> {
    const { estimate, maxCost } = await this.database.inWorkspace(ref.workspaceId, (sql) =>
      draftJob(sql, ref, request),
    );
    const { available } = await this.billing.account(ref.workspaceId);
    return {
      eligible: estimate.eligible,
      skipped: [...estimate.skipped],
      estimatedCredits: Math.min(estimate.estimatedCredits, maxCost),
      maxCredits: maxCost,
      balanceAfter: available - Math.min(estimate.estimatedCredits, maxCost),
    };
  }

  /** At most one job per idempotency key. The answer stands once it is committed, whether Temporal is up or not. */
  async start(
    ref: ListRef,
    request: JobRequest,
    caller: { readonly key: string | undefined; readonly keyId: string },
  ): Promise<JobView> {
    const job = await this.database.inWorkspace(ref.workspaceId, (sql) =>
      withIdempotency(
        sql,
        { workspaceId: ref.workspaceId, key: caller.key, request: { start: ref.listId, request }, status: 202 },
        () => acceptJob(sql, ref, { request, createdBy: caller.keyId }),
      ),
    );
    this.relay.poke();
    return job;
  }

  /** Acknowledges an action; the relay delivers it. */
  async steer(
    job: JobRef,
    action: Action,
    caller: { readonly key: string | undefined; readonly keyId: string },
  ): Promise<JobView> {
    const view = await this.database.inWorkspace(job.workspaceId, (sql) =>
      withIdempotency(
        sql,
        { workspaceId: job.workspaceId, key: caller.key, request: { [action]: job.jobId }, status: 202 },
        async () => {
          await steerJob(sql, job, { action, actor: caller.keyId });
          return this.#view(sql, job);
        },
      ),
    );
    this.relay.poke();
    return view;
  }

  async read(job: JobRef): Promise<JobView> {
    return this.database.inWorkspace(job.workspaceId, (sql) => this.#view(sql, job));
  }

  async page(workspaceId: string, query: JobQuery): Promise<JobPage> {
    return this.database.inWorkspace(workspaceId, async (sql) => {
      const found = await sql.rows<{ id: string }>(
        `select id from job where workspace_id = $1 and ($2::text is null or list_id = $2) and ($3::text is null or state = $3)
           and ($4::text is null or id < $4) order by id desc limit $5`,
        [workspaceId, query.listId ?? null, query.state ?? null, query.cursor ?? null, query.limit + 1],
      );
      const ids = found.slice(0, query.limit).map(({ id }) => id);
      return {
        items: await jobViews(sql, workspaceId, ids),
        nextCursor: found.length > query.limit ? (ids.at(-1) ?? null) : null,
      };
    });
  }

  async books(job: JobRef): Promise<Books> {
    const books = await readBooks(this.database, this.billing, job);
    if (!books) throw notFound('job');
    return books;
  }

  async #view(sql: Sql, job: JobRef): Promise<JobView> {
    const view = await readJobView(sql, job.workspaceId, job.jobId);
    if (!view) throw notFound('job');
    return view;
  }
}
