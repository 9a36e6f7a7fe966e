import { sleep } from '@uno/local-stack';
import type { Step, Trigger } from '../plan/run-plan.js';
import type { Database } from '../stack/database.js';

const LOOK_EVERY_MS = 10;
const LOOK_AGAIN_AFTER_MS = 100;
const FINAL_STATES: readonly string[] = ['completed', 'failed', 'cancelled'];

/** How far a job has come, as the databases say. */
export interface Sighting {
  readonly step: Step;
  /** Settled cells, as a share of all. */
  readonly settled: number;
  readonly final: boolean;
  /** Its undo waits for the next try. */
  readonly parked: boolean;
}

interface JobRow {
  readonly state: string;
  readonly holds: number;
  readonly pages: number;
  readonly open: number;
  readonly sealed: number;
  readonly settled: number;
  readonly share: number;
}

const JOB = `
  select j.state, (select count(*)::integer from job_hold h where h.workspace_id = j.workspace_id and h.job_id = j.id) as holds,
    count(p.page_no)::integer as pages, count(*) filter (where p.state = 'open')::integer as open,
    count(*) filter (where p.state = 'sealed' and p.amount > 0)::integer as sealed,
    coalesce(sum(p.filled + p.not_found + p.error + p.skipped - (p.cells - p.claimed)), 0)::integer as settled,
    (coalesce(sum(p.filled + p.not_found + p.error + p.skipped), 0)::float8 / greatest(j.cells, 1)) as share
  from job j left join job_page p on p.workspace_id = j.workspace_id and p.job_id = j.id
  where j.id = $1 group by j.workspace_id, j.id`;

const UNCAPTURED = `
  select exists (select from capture_line l join job_page p using (workspace_id, job_id, page_no)
    where l.job_id = $1 and p.state = 'sealed' and l.cell_version_id::text <> all ($2)) as uncaptured`;

/** Watches one job through the databases, as far as they are up. */
export class JobWatch {
  private seen: Sighting | undefined;

  constructor(
    private readonly app: Database,
    private readonly billing: Database,
    private readonly jobId: string,
  ) {}

  /** What was seen last; undefined before the first look. */
  last(): Sighting | undefined {
    return this.seen;
  }

  /** Looks again and again until the job is final or the signal comes. While a database is away, what was seen last stands. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.seen?.final) {
      await this.look().catch(() => sleep(LOOK_AGAIN_AFTER_MS));
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Waits for the moment. @returns false when the job is final without it, or the signal ends the wait. */
  async until(at: Trigger, signal: AbortSignal): Promise<boolean> {
    for (; !signal.aborted && !this.seen?.final; await sleep(LOOK_EVERY_MS / 2)) {
      const now = this.seen;
      if (now && (at.on === 'step' ? now.step === at.step : now.settled >= at.share)) return true;
    }
    return false;
  }

  private async look(): Promise<void> {
    const [row] = await this.app.rows<JobRow>(JOB, [this.jobId]);
    if (!row) return;
    const { state, share: settled } = row;
    const [final, parked] = [FINAL_STATES.includes(state), state === 'compensation_failed'];
    this.seen = { step: await this.stepOf(row), settled, final, parked };
  }

  private async stepOf(row: JobRow): Promise<Step> {
    if (row.state === 'compensating' || row.state === 'compensation_failed') return 'compensating';
    if (row.state === 'completing' || FINAL_STATES.includes(row.state)) return 'completing';
    if (row.sealed > 0) return (await this.isUncaptured()) ? 'sealed' : 'capturing';
    if (row.open > 0) return row.settled > 0 ? 'settling' : 'page open';
    if (row.pages > 0) return 'settling';
    return row.holds > 0 ? 'held' : 'accepted';
  }

  /** Whether billing does not yet list what a sealed page wants captured. */
  private async isUncaptured(): Promise<boolean> {
    const captured = await this.billing.rows<{ id: string }>(
      `select l.cell_version_id as id from hold h join capture c on c.hold_id = h.id and c.account_id = h.account_id
       join capture_line l on l.capture_id = c.id and l.account_id = c.account_id where h.reference = $1`,
      [this.jobId],
    );
    const [row] = await this.app.rows<{ uncaptured: boolean }>(UNCAPTURED, [this.jobId, captured.map(({ id }) => id)]);
    return row?.uncaptured ?? false;
  }
}
