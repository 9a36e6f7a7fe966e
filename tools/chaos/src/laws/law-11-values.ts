import { isDeepStrictEqual } from 'node:util';
import type { EvidentColumn, Evidence, Version } from '../audit/evidence.js';
import { DATA_PROVIDERS } from '../stack/sandbox.js';
import { lookUpKeyOf } from '../traffic/companies.js';
import { promptsOf, valuesBefore } from './prompts.js';
import type { Truth } from './truth.js';
import type { Violation } from './violation.js';

interface Judgement {
  readonly evidence: Evidence;
  readonly truth: Truth;
  readonly column: EvidentColumn;
}

/** Whether a version holds what it must; cells that were tried in vain hold nothing that could be wrong. */
type IsRight = (version: Version, judgement: Judgement) => boolean;

/** What a cell of each service must hold. What became of a record outside is judged with the records there (L16). */
const RULES: Readonly<Record<string, IsRight>> = {
  enrich: isFound,
  signals: isLatest,
  ai: isAnswered,
  crm: isOfTheRow,
};

/** L11: a value is the one that the providers gave for that row and column; `not_found` is said only where nobody knows one. */
export function checkValues(evidence: Evidence, truth: Truth): Violation[] {
  return evidence.versions.flatMap((version): Violation[] => {
    const column = evidence.columns.get(version.columnId);
    const isRight = RULES[column?.service ?? ''];
    if (!column || !isRight || version.author !== 'job') return [];
    if (isRight(version, { evidence, truth, column })) return [];
    const { rowId, columnId, jobId } = version;
    const detail = `Version ${version.id} is ${version.status} with something else than the providers' answer`;
    return [{ law: 'L11', detail, rowId, columnId, ...(jobId && { jobId }) }];
  });
}

const isAnswer = ({ status }: Version): boolean => status === 'filled' || status === 'not_found';

/** By what the row may have been looked up: one that was renamed after its page was opened, by either name. */
function keysOf({ rowId, madeFrom }: Version, { entities }: Evidence): string[] {
  const own = entities.filter((entry) => entry.rowId === rowId && entry.entityVersion >= (madeFrom ?? 0));
  return own.map(({ entity }) => lookUpKeyOf(entity));
}

/** The waterfall: the first provider's value, else the next one's. */
function isFound(version: Version, { evidence, truth, column }: Judgement): boolean {
  if (!isAnswer(version)) return true;
  const attribute = String(column.config['attribute']);
  return keysOf(version, evidence).some((company) => {
    for (const provider of DATA_PROVIDERS) {
      const tries = version.provenance?.tries;
      const outcome = tries?.find((attempt) => attempt.provider === provider)?.outcome;
      if (outcome === 'down' || outcome === 'error') {
        if (!truth.providersFailed) return false;
        continue;
      }
      const value = truth.answer(version.jobId ?? '', provider, company)[attribute];
      if (value !== undefined && value !== null && value === version.value) return true;
      if (value !== undefined && value !== null && !truth.providersLied) return false;
    }
    return version.value === null;
  });
}

function isLatest(version: Version, { evidence, truth }: Judgement): boolean {
  if (!isAnswer(version) || !truth.isOfTheRun(version.jobId ?? '')) return true;
  if (truth.providersLied && version.value === null) return true;
  return keysOf(version, evidence).some((company) =>
    isDeepStrictEqual(truth.latestEvent(version.columnId, company), version.value),
  );
}

/** A row without an input is skipped, and no other. */
function isAnswered(version: Version, { evidence, truth }: Judgement): boolean {
  if (!truth.isOfTheRun(version.jobId ?? '')) return true;
  const prompts = promptsOf(version, evidence);
  if (version.status === 'skipped') return version.reason?.code !== 'inputs' || hadBlank(version, evidence);
  if (version.status !== 'filled') return true;
  return prompts.some((prompt) => isDeepStrictEqual(truth.modelAnswer(prompt), version.value));
}

/** Whether the job itself filled no column that the prompt names: those are waited for. */
function hadBlank({ rowId, jobId, columnId }: Version, { versions, columns }: Evidence): boolean {
  const { prompt } = columns.get(columnId)?.config as { prompt: string };
  const filled = versions.filter((other) => other.author === 'job' && other.jobId === jobId && other.rowId === rowId);
  return !filled.some((other) => other.status === 'filled' && prompt.includes(`{{${other.columnId}}}`));
}

/** What was written for a row is what its columns held. */
function isOfTheRow(version: Version, { evidence, column }: Judgement): boolean {
  if (version.status !== 'filled') return true;
  const { map } = column.config as { map: Readonly<Record<string, string>> };
  const { jobId, rowId, columnId } = version;
  const written = evidence.journal.filter(
    (entry) => entry.jobId === jobId && entry.rowId === rowId && entry.columnId === columnId,
  );
  return written.every(({ after }) =>
    Object.entries(after).every(([property, value]) =>
      valuesBefore(version, map[property] ?? '', evidence).includes(String(value)),
    ),
  );
}
