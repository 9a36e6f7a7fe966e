import { waitUntil } from '@uno/local-stack';
import { Random } from '../plan/random.js';
import type { JobPlan, RunPlan } from '../plan/run-plan.js';
import type { World } from '../stack/world.js';
import { hasDomains } from '../plan/columns.js';
import { type Company, companyAt, companyWithDomain, entityOf, lookUpKeyOf } from '../traffic/companies.js';
import { type JobRequest, Tenant } from '../traffic/tenant.js';
import { TruthBook } from '../traffic/truth-book.js';

const FIRST_FILL_WITHIN_MS = 120_000;
/** Share of the cells that were edited by hand before a refill. */
const EDITED = 0.05;

/** What a run has before its first fault. */
export interface Prepared {
  readonly tenants: readonly Tenant[];
  readonly truths: TruthBook;
  /** Where the sandbox's log ended when the run began. */
  readonly mark: number;
}

/** Makes the run's workspaces with their lists, filled before where the plan wants a refill. */
export async function prepareRun(world: World, plan: RunPlan): Promise<Prepared> {
  const { sandbox, stack } = world;
  const truths = new TruthBook(sandbox);
  const companiesOf = (workspace: number): Company[] =>
    plan.companies.map((place) =>
      hasDomains(plan.columns) ? companyWithDomain(place, workspace) : { name: companyAt(place) },
    );
  const workspaces = [...new Set(plan.jobs.map((job) => job.workspace))];
  const companies = workspaces.flatMap(companiesOf);
  const keys = companies.map((company) => lookUpKeyOf(entityOf(company)));
  const others = plan.actions.flatMap((action) =>
    action.do === 'rename' ? [action.company] : action.do === 'insert' ? action.companies : [],
  );
  const tenants: Tenant[] = [];
  for (const workspace of workspaces) {
    const name = `Chaos ${plan.name}, workspace ${workspace}`;
    const { columns, credits } = plan;
    const own = { name, companies: companiesOf(workspace), columns, credits };
    tenants[workspace] = await Tenant.create(stack.credentials(), own);
  }
  if (plan.refill) {
    const formerSeed = plan.sandboxSeed + 1;
    await sandbox.reset(formerSeed);
    await sandbox.latency(0);
    await truths.learn(formerSeed, keys);
    for (const tenant of tenants.filter(Boolean)) {
      truths.ran(await fillBefore(tenant), formerSeed);
      await editBefore(tenant, new Random(plan.name, 'edits'));
    }
  }
  await sandbox.reset(plan.sandboxSeed);
  await sandbox.latency(plan.latencyMs);
  if (plan.withoutRateLimits) await sandbox.liftRateLimits();
  await truths.learn(plan.sandboxSeed, [...keys, ...others.map(companyAt)]);
  await writeBefore(world, companies, plan.knownToCrm);
  return { tenants, truths, mark: await sandbox.mark() };
}

/** Some of the companies are in the CRM beforehand, as others wrote them. */
async function writeBefore({ sandbox }: World, companies: readonly Company[], share: number): Promise<void> {
  // Spread over the list, so that every page has some of both.
  const known = companies.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share));
  const domains = known.flatMap(({ domain }) => domain ?? []);
  await sandbox.writeToCrm(domains, { name: 'A former name', industry: 'A former industry', city: 'Springfield' });
}

/** The request that a job's plan stands for. */
export async function requestOf(tenant: Tenant, plan: JobPlan): Promise<JobRequest> {
  const { scope, onFailure, onCancel, overwriteEdits } = plan;
  const rowIds = tenant.rowIds.slice(0, Math.max(1, Math.round(tenant.rowIds.length * plan.rowShare)));
  const request: JobRequest = {
    columnIds: tenant.columnIds,
    scope: scope === 'rows' ? { type: scope, rowIds } : { type: scope },
    ...{ onFailure, onCancel, overwriteEdits },
  };
  if (plan.ceiling >= 1) return request;
  return { ...request, maxCredits: Math.floor((await tenant.quote(request)) * plan.ceiling) };
}

/** It ends at once where the credits do not suffice; then there is nothing to refill. */
async function fillBefore(tenant: Tenant): Promise<string> {
  const { id } = await tenant.startJob({
    ...{ columnIds: tenant.columnIds, scope: { type: 'all' }, overwriteEdits: false },
    ...{ onFailure: 'rollback', onCancel: 'rollback' },
  });
  await waitUntil(async () => ['completed', 'failed'].includes((await tenant.job(id)).state), {
    timeoutMs: FIRST_FILL_WITHIN_MS,
    intervalMs: 100,
    what: `the first fill ${id} to be final`,
  });
  return id;
}

async function editBefore(tenant: Tenant, random: Random): Promise<void> {
  for (const rowId of tenant.rowIds) {
    const [columnId] = random.shuffled(tenant.columnIds);
    if (columnId && random.chance(EDITED)) await tenant.edit(rowId, columnId, 'Edited before');
  }
}
