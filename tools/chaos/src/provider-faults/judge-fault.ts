import type { Evidence, Version } from '../audit/evidence.js';
import type { RunResult } from '../runs/run-result.js';
import { type FaultCase, type FaultedService, PROVIDERS_OF_SERVICE } from './fault-cases.js';

/** How a job over 1,000 cells ended whose providers had one fault, or many. */
export interface FaultRecord {
  readonly service: FaultedService;
  readonly fault: string;
  readonly build: string;
  readonly state: string;
  /** Calls that the fault hit. */
  readonly calls: number;
  /** Cells as the job left them, before anything was undone. */
  readonly cells: Readonly<Record<'filled' | 'not_found' | 'error' | 'skipped', number>>;
  /** How often a code is the reason of a cell that ended in an error; of a job that failed, its own. */
  readonly codes: Readonly<Record<string, number>>;
  readonly tookMs: number;
  readonly violations: readonly string[];
}

export interface JudgedRun {
  readonly service: FaultedService;
  readonly fault: FaultCase;
  readonly build: string;
  readonly result: RunResult;
  readonly evidence: readonly Evidence[];
}

/** What a run showed, and all that is not as it must be: the laws, how the job ended, and the reasons of its cells. */
export function judgeFault({ service, fault, build, result, evidence }: JudgedRun): FaultRecord {
  const [job] = result.jobs;
  const versions = evidence.flatMap((one) => one.versions).filter(({ author }) => author === 'job');
  const inState = (status: string): number => versions.filter((version) => version.status === status).length;
  const errors = versions.filter(({ status }) => status === 'error').map(reasonOf);
  const failure = job?.failure === undefined ? [] : [{ code: job.failure, message: job.failureMessage ?? '' }];
  const reasons = [...errors, ...failure];
  const calls = result.faults.reduce((sum, hit) => sum + (hit.calls ?? 0), 0);
  return {
    ...{ service, fault: fault.name, build, state: job?.state ?? 'none', calls, tookMs: result.tookMs },
    cells: {
      ...{ filled: inState('filled'), not_found: inState('not_found') },
      ...{ error: inState('error'), skipped: inState('skipped') },
    },
    codes: countBy(reasons.map(({ code }) => code)),
    violations: [
      ...result.violations.map(({ law, detail }) => `${law}: ${detail}`),
      ...(calls === 0 ? ['No call was hit'] : []),
      ...endComplaints(fault, job?.state),
      ...new Set(reasons.flatMap((reason) => reasonComplaints(service, fault, reason))),
    ],
  };
}

interface Reason {
  readonly code: string;
  readonly message: string;
}

const reasonOf = ({ reason }: Version): Reason => ({ code: reason?.code ?? 'none', message: reason?.message ?? '' });

function endComplaints({ refuses, name }: FaultCase, state = 'none'): string[] {
  const wanted = refuses ? 'failed' : 'completed';
  return state === wanted ? [] : [`With ${name} the job ended ${state}, not ${wanted}`];
}

/** The sentence names the provider and what happened there; another one says what to do. */
export function reasonComplaints(service: FaultedService, fault: FaultCase, { code, message }: Reason): string[] {
  const titles = Object.values(PROVIDERS_OF_SERVICE[service]).join('|');
  const complaints: string[] = [];
  if (!fault.codes.includes(code)) complaints.push(`${fault.name} is called ${code}`);
  if (!new RegExp(`^(${titles}) [a-z][^.]+\\. [A-Z].+\\.$`).test(message)) {
    complaints.push(`The reason of ${code} does not say who failed how, and what to do`);
  }
  return complaints;
}

function countBy(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
