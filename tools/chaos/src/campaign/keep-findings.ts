import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '../audit/evidence.js';
import type { RunPlan } from '../plan/run-plan.js';
import type { ExecutedRun } from '../runs/execute-run.js';

/** What was filled in, and what it was filled in for, stays out of what is kept. */
const VALUES = new Set([
  'value',
  'entity',
  'provenance',
  'before',
  'after',
  'record',
  'recordValue',
  'properties',
  'key',
  'config',
]);

/**
 * Keeps what is needed to look into a violation: the plan, the result, the rows of the databases by their ids (no values) and
 * the logs of all processes.
 *
 * @returns the folder.
 */
export function keepFindings(
  out: string,
  { plan, run, home }: { readonly plan: RunPlan; readonly run: ExecutedRun; readonly home: string },
): string {
  const folder = join(out, 'findings', `${plan.name.replaceAll(/[^a-z0-9]+/gi, '-')}-${Date.now()}`);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(content, withoutValues, 1));
  write('plan', plan);
  write('result', run.result);
  run.evidence.forEach((evidence: Evidence, index) => write(`evidence-${index}`, evidence));
  cpSync(join(home, 'logs'), join(folder, 'logs'), { recursive: true });
  return folder;
}

function withoutValues(key: string, content: unknown): unknown {
  if (VALUES.has(key)) return content === null ? null : 'kept out';
  if (content instanceof Map) return [...(content as Map<unknown, unknown>)];
  return content instanceof Set ? [...(content as Set<unknown>)] : content;
}
