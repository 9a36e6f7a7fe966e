import type { Evidence, Version } from '../audit/evidence.js';
import { type KnownValues, type Provider, PROVIDERS } from '../stack/sandbox.js';
import { COMPANY_NAME } from '../traffic/companies.js';
import type { Violation } from './violation.js';

/** What is true, from the sandbox itself. */
export interface Truth {
  /** What a provider answered about a company while this job ran. */
  answer(jobId: string, provider: Provider, company: string): KnownValues;
  /** Whether the run made providers fail: then a cell may say that one was down, and take the next one's value. */
  readonly providersFailed: boolean;
}

/** L11: a value is the one the waterfall finds for that row and column; `not_found` is said only where nobody knows one. */
export function checkValues(evidence: Evidence, truth: Truth): Violation[] {
  const namesOf = new Map<string, { version: number; name: string }[]>();
  for (const { rowId, entityVersion, entity } of evidence.entities) {
    const names = namesOf.get(rowId) ?? [];
    namesOf.set(rowId, [...names, { version: entityVersion, name: entity[COMPANY_NAME] ?? '' }]);
  }
  return evidence.versions.flatMap((version): Violation[] => {
    if (version.author !== 'job' || (version.status !== 'filled' && version.status !== 'not_found')) return [];
    // A row that was renamed after its page was opened may have been looked up by either name.
    const names = (namesOf.get(version.rowId) ?? []).filter((entry) => entry.version >= (version.madeFrom ?? 0));
    const right = names.some(({ name }) => expectedOf(version, name, { evidence, truth }) === version.value);
    if (right) return [];
    const { rowId, columnId, jobId } = version;
    const detail = `Version ${version.id} is ${version.status} with something else than the providers' answer`;
    return [{ law: 'L11', detail, rowId, columnId, ...(jobId && { jobId }) }];
  });
}

function expectedOf(
  version: Version,
  company: string,
  { evidence, truth }: { evidence: Evidence; truth: Truth },
): string | number | null | undefined {
  const attribute = evidence.attributes.get(version.columnId) ?? '';
  for (const provider of PROVIDERS) {
    const outcome = version.provenance?.tries?.find((attempt) => attempt.provider === provider)?.outcome;
    if (outcome === 'down' || outcome === 'error') {
      if (!truth.providersFailed) return undefined;
      continue;
    }
    const value = truth.answer(version.jobId ?? '', provider, company)[attribute];
    if (value !== undefined && value !== null) return value;
  }
  return null;
}
