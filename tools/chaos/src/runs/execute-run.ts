import { waitUntil } from '@uno/local-stack';
import { type Evidence, readEvidence } from '../audit/evidence.js';
import { Injector } from '../faults/injector.js';
import { JobWatch, type Sighting } from '../faults/job-watch.js';
import { checkLaws } from '../laws/check-laws.js';
import { askProduct, checkWorkflows } from '../laws/product-checker.js';
import type { Outside } from '../laws/truth.js';
import type { Violation } from '../laws/violation.js';
import type { PlannedFault, RunPlan } from '../plan/run-plan.js';
import type { World } from '../stack/world.js';
import type { Tenant } from '../traffic/tenant.js';
import { act } from '../traffic/act.js';
import { prepareRun, requestOf } from './prepare-run.js';
import type { FaultResult, JobResult, RunResult } from './run-result.js';

/** T: everything is final so long after the last fault has healed, plus the job's own length. */
const FINAL_WITHIN_MS = 60_000;
const JOB_LENGTH_MS = 30_000;
/** A moment that has not come by then, on top of what the faults themselves last, comes no more. */
const MOMENTS_WITHIN_MS = 90_000;

/** A started job and its watch. */
interface Started {
  readonly tenant: Tenant;
  readonly jobId: string;
  readonly watch: JobWatch;
}

/** What a run leaves to look into: its result, and what the laws were judged by. */
export interface ExecutedRun {
  readonly result: RunResult;
  readonly evidence: readonly Evidence[];
}

/** Runs a plan on the stack and judges what came of it. The stack is healthy before, and healed after. */
export async function executeRun(world: World, plan: RunPlan): Promise<ExecutedRun> {
  const startedAt = Date.now();
  await world.stack.untilHealthy();
  const { tenants, truths, mark } = await prepareRun(world, plan);
  const jobs: Started[] = [];
  for (const job of plan.jobs) {
    const tenant = tenants[job.workspace];
    if (!tenant) throw new Error(`Workspace ${job.workspace} was not made`);
    const { id } = await tenant.startJob(await requestOf(tenant, job));
    truths.ran(id, plan.sandboxSeed);
    jobs.push({ tenant, jobId: id, watch: new JobWatch(world.app, world.billing, id) });
  }
  const deeds = await harm(world, plan, jobs);
  const healed = await healedAndFinal(world, plan, jobs);
  const evidence: Evidence[] = [];
  for (const { workspaceId } of tenants.filter(Boolean)) {
    evidence.push(await readEvidence(world.app, world.billing, workspaceId));
  }
  for (const one of evidence) await truths.learnFrom(one);
  const truth = truths.truth(plan.sandboxSeed, {
    providersFailed: plan.faults.some(upsetsProviders),
    providersLied: plan.faults.some(makesProvidersLie),
  });
  const outside = { ...(await seenOutside(world, mark)), piledUp: plan.faults.some(pilesUpCalls) };
  const broken = checkLaws({ workspaces: evidence, truth, outside });
  const violations = [...deeds.violations, ...healed.violations, ...broken];
  if (healed.violations.length === 0) violations.push(...(await judge(world, jobs)));
  const result: RunResult = {
    name: plan.name,
    jobs: await Promise.all(jobs.map((job) => jobResult(job, evidence))),
    faults: deeds.faults.map((fault) => withinJob(fault, jobs, evidence)),
    actions: deeds.actions,
    msFromHealedToFinal: healed.ms,
    tookMs: Date.now() - startedAt,
    violations,
  };
  return { result, evidence };
}

async function seenOutside({ sandbox }: World, mark: number): Promise<Pick<Outside, 'calls' | 'records'>> {
  return { calls: await sandbox.callsSince(mark), records: await sandbox.crmRecords() };
}

/** A fault with the time at which it hit. */
type TimedFault = FaultResult & { readonly hitAt?: number };

/** Does what the plan says when its moments come; ends when all of it is over, or its moments cannot come any more. */
async function harm(
  world: World,
  plan: RunPlan,
  jobs: readonly Started[],
): Promise<{ faults: TimedFault[]; actions: number; violations: Violation[] }> {
  const injector = new Injector({ ...world, latencyMs: plan.latencyMs });
  const lasting = plan.faults.reduce((sum, fault) => sum + ('seconds' in fault ? fault.seconds * 1_000 : 0), 0);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), MOMENTS_WITHIN_MS + lasting);
  const watches = jobs.map(({ watch }) => watch.run(over.signal));
  const violations: Violation[] = [];
  let actions = 0;
  const inject = async (fault: PlannedFault): Promise<TimedFault> => {
    const job = jobs[fault.at.job] ?? jobs[0];
    let hit: TimedFault = { fault, hit: false };
    if (!job || !(await job.watch.until(fault.at, over.signal))) return hit;
    const begun = { seen: job.watch.last(), at: Date.now() };
    const onHit = (calls?: number): void => {
      // What a provider does to a job shows a little later, when the job may have failed of it already.
      const { seen, at } = fault.kind === 'provider' ? begun : { seen: job.watch.last(), at: Date.now() };
      if (seen && !hit.hit) hit = { fault, hit: true, step: seen.step, settled: seen.settled, hitAt: at };
      if (calls !== undefined) hit = { ...hit, calls };
    };
    const isOver = (): boolean => jobs.every(({ watch }) => isDone(watch.last(), plan));
    await injector.inject(fault, { jobId: job.jobId, onHit, isOver }).catch((error: Error) => {
      // A database that is away already cannot be harmed; a stack that does not start again is a finding.
      if (fault.kind === 'kill-all') violations.push({ law: 'start', detail: error.message });
    });
    return hit;
  };
  const [faults] = await Promise.all([
    Promise.all(plan.faults.map(inject)),
    Promise.all(
      plan.actions.map(async (action) => {
        const job = jobs[action.at.job] ?? jobs[0];
        if (!job || !(await job.watch.until(action.at, over.signal))) return;
        if (await act(job.tenant, job.jobId, action)) actions += 1;
      }),
    ),
  ]);
  over.abort();
  clearTimeout(timer);
  await Promise.all(watches);
  return { faults, actions, violations };
}

function isDone(seen: Sighting | undefined, { undoAgain = false }: RunPlan): boolean {
  return seen !== undefined && (seen.final || (undoAgain && seen.parked));
}

/** Heals everything and waits until every job is final (law L9). @returns how long that took after the healing. */
async function healedAndFinal(
  world: World,
  plan: RunPlan,
  jobs: readonly Started[],
): Promise<{ ms: number; violations: Violation[] }> {
  const violations: Violation[] = [];
  await new Injector({ ...world, latencyMs: plan.latencyMs }).heal().catch(async (error: Error) => {
    const sick = world.stack.unhealthy().join(', ');
    violations.push({
      law: 'start',
      detail: `What was killed or paused did not come back (${sick}): ${error.message}`,
    });
    await world.stack.killAll();
    await world.stack.start();
  });
  const healedAt = Date.now();
  if (plan.undoAgain) for (const { tenant, jobId } of jobs) await tenant.undoAgain(jobId);
  for (const { tenant, jobId } of jobs) {
    const left = Math.max(1_000, healedAt + FINAL_WITHIN_MS + JOB_LENGTH_MS - Date.now());
    const isFinal = async (): Promise<boolean> =>
      ['completed', 'failed', 'cancelled'].includes((await tenant.job(jobId)).state);
    await waitUntil(isFinal, { timeoutMs: left, intervalMs: 100 }).catch(() =>
      violations.push({
        law: 'L9',
        detail: `The job is not final ${Date.now() - healedAt} ms after the healing`,
        jobId,
      }),
    );
  }
  return { ms: Date.now() - healedAt, violations };
}

async function judge(world: World, jobs: readonly Started[]): Promise<Violation[]> {
  const found = await checkWorkflows(
    world.temporal,
    jobs.map(({ jobId }) => jobId),
  );
  for (const tenant of new Set(jobs.map((job) => job.tenant))) {
    const jobIds = jobs.filter((job) => job.tenant === tenant).map(({ jobId }) => jobId);
    found.push(...(await askProduct(tenant, jobIds)));
  }
  return found;
}

async function jobResult({ tenant, jobId }: Started, evidence: readonly Evidence[]): Promise<JobResult> {
  const { state, skippedBy, failure } = await tenant.job(jobId);
  const job = evidence.flatMap(({ jobs }) => jobs).find(({ id }) => id === jobId);
  const took = job?.finishedAt ? Math.round((job.finishedAt - job.createdAt) / 1_000) : undefined;
  return {
    ...{ id: jobId, state, skippedBy, cells: job?.cells ?? 0, holds: job?.holds ?? 0 },
    ...(failure && { failure: failure.code, failureMessage: failure.message }),
    ...(took !== undefined && { msToFinal: took }),
  };
}

/** A fault that came when all jobs were final already hit nothing. */
function withinJob(
  { hitAt, ...fault }: TimedFault,
  jobs: readonly Started[],
  evidence: readonly Evidence[],
): FaultResult {
  const ids = new Set(jobs.map(({ jobId }) => jobId));
  const ran = evidence
    .flatMap((one) => one.jobs)
    .some(({ id, finishedAt }) => ids.has(id) && (finishedAt === null || finishedAt / 1_000 > (hitAt ?? 0)));
  return { ...fault, hit: fault.hit && ran };
}

/** Whether the fault can make a provider look down to a worker. */
function upsetsProviders(fault: PlannedFault): boolean {
  return (
    fault.kind === 'provider' || fault.kind === 'kill-all' || ('target' in fault && fault.target === 'provider-sandbox')
  );
}

/** Whether the fault can make a provider deny what it knows. */
function makesProvidersLie(fault: PlannedFault): boolean {
  return fault.kind === 'provider' && fault.faults.some((one) => one.fault === 'empty_result');
}

/** Whether calls that were allowed one after another may have met the provider at once. */
function pilesUpCalls(fault: PlannedFault): boolean {
  return (
    fault.kind === 'pause' || fault.kind === 'kill-all' || ('target' in fault && fault.target === 'provider-sandbox')
  );
}
