import { join } from 'node:path';
import { buildId } from '../campaign/build-id.js';
import { keepFindings } from '../campaign/keep-findings.js';
import { executeRun } from '../runs/execute-run.js';
import { REPOSITORY } from '../stack/stack-home.js';
import { startWorld } from '../stack/world.js';
import { caseFor, FAULT_CASES, FAULTED_SERVICES, type FaultedService } from './fault-cases.js';
import { FAULT_SETTINGS, faultPlan } from './fault-plan.js';
import { FAULT_RECORDS, FaultRecordsFile } from './fault-records-file.js';
import { type FaultRecord, judgeFault } from './judge-fault.js';

export interface ProviderFaultsOptions {
  /** None for all. */
  readonly services: readonly FaultedService[];
  /** Names of cases; none for all. */
  readonly faults: readonly string[];
  readonly out: string;
  readonly portBase: number;
  readonly say: (line: string) => void;
}

/**
 * Fills 1,000 cells of each service once for each fault of its providers, and once with all of them at random.
 *
 * @returns the number of cases that did not end as they must.
 */
export async function runProviderFaults({ services, faults, ...options }: ProviderFaultsOptions): Promise<number> {
  const { out, portBase, say } = options;
  const chosen = FAULTED_SERVICES.filter((service) => services.length === 0 || services.includes(service));
  const cases = FAULT_CASES.filter(({ name }) => faults.length === 0 || faults.includes(name));
  const home = join(out, 'provider-faults-stack');
  const records = new FaultRecordsFile(join(out, FAULT_RECORDS));
  const world = await startWorld({ home, portBase, repository: REPOSITORY, env: FAULT_SETTINGS });
  const build = buildId(REPOSITORY);
  let [tried, failed] = [0, 0];
  try {
    for (const service of chosen) {
      for (const fault of cases.flatMap((one) => caseFor(service, one) ?? [])) {
        const plan = faultPlan(service, fault);
        const run = await executeRun(world, plan);
        const record = judgeFault({ service, fault, build, ...run });
        records.keep(record);
        say(faultLine(record));
        tried += 1;
        if (record.violations.length === 0) continue;
        failed += 1;
        for (const violation of record.violations.slice(0, SHOWN)) say(`  ${violation}`);
        say(`  kept in ${keepFindings(out, { plan, run, home })}`);
      }
    }
  } finally {
    await world.stop();
  }
  say(`${tried - failed} of ${tried} cases ended as they must`);
  return failed;
}

const SHOWN = 5;

/** One line on a case. */
export function faultLine({ service, fault, state, calls, cells, codes, tookMs, violations }: FaultRecord): string {
  const counts = Object.entries(cells).map(([status, count]) => `${count} ${status}`);
  const seen = Object.entries(codes).map(([code, count]) => `${count} ${code}`);
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS`;
  const parts = [`${calls} calls hit`, counts.join(', '), seen.join(', ') || 'no error', seconds(tookMs), verdict];
  return `${service} ${fault}: ${state}; ${parts.join('; ')}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
