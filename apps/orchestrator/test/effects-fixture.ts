import { isDeepStrictEqual } from 'node:util';
import type { Effect, EffectOutcome, EffectTarget, JournaledEffect, RevertPageResult } from '@uno/workflow-contracts';
import { journalEffects } from '../src/effects/journal-effects.js';
import { readEffectsPage, recordOutcomes } from '../src/effects/revert-page.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { readStepPage } from '../src/pages/step-page.js';
import type { StepRef } from '../src/pages/step-ref.js';
import type { JobFixture } from './job-fixture.js';

type Properties = Record<string, Effect['after'][string]>;

/** A service that writes its rows to a provider, which is a map by name, as a team's worker would: journal first. */
export interface WritingService {
  /** What the provider holds. */
  readonly records: Map<string, Properties>;
  /** Writes and reverts that the provider took, in their order. */
  readonly calls: string[];
  /** Journals, writes and settles the open rows of a page. */
  write(by: Fence, pageNo: number, industry?: string): Promise<number>;
  /** Takes back what the journal of the page says, and reports it. */
  revert(by: Fence, pageNo: number): Promise<RevertPageResult>;
}

export const SERVICE = 'enrich';
export const stepOf = (by: Fence, pageNo = 0, serviceId = SERVICE): StepRef => ({
  ...{ jobId: by.jobId, pageNo, stepNo: 0, fence: by.fence, serviceId },
});
export const targetOf = (value: string): EffectTarget => ({ object: 'company', idProperty: 'name', value });

export function writingService({ database }: Pick<JobFixture, 'database'>): WritingService {
  const records = new Map<string, Properties>();
  const calls: string[] = [];

  const takeBack = ({ target: { value: name }, before, after }: JournaledEffect): EffectOutcome => {
    const now = records.get(name);
    const held = now && Object.fromEntries(Object.keys(after).map((key) => [key, now[key] ?? null]));
    if (isDeepStrictEqual(held ?? null, before)) return 'unchanged';
    if (!isDeepStrictEqual(held, after)) return 'changed_meanwhile';
    calls.push(`revert ${name}`);
    if (before === null) records.delete(name);
    else records.set(name, { ...now, ...before });
    return before === null ? 'archived' : 'restored';
  };

  return {
    records,
    calls,
    write: async (by, pageNo, industry = 'Mining') => {
      const step = stepOf(by, pageNo);
      const page = await readStepPage(database, by, step);
      if (!page) throw new Error('the page is not open');
      const effects = page.rows.map(({ rowId, columnIds: [columnId = ''], inputs }): Effect => {
        const name = inputs['name'] as string;
        const now = records.get(name);
        const before = now ? { industry: now['industry'] ?? null } : null;
        return { rowId, columnId, key: `${by.jobId}:${rowId}`, target: targetOf(name), before, after: { industry } };
      });
      if (effects.length === 0) return 0;
      const journaled = await journalEffects(database, by, step, effects);
      if (journaled?.control !== 'run') throw new Error('nothing may be written');
      for (const { target, after } of effects) {
        calls.push(`write ${target.value}`);
        records.set(target.value, { ...records.get(target.value), ...after });
      }
      const results = effects.map(({ rowId, columnId }) => ({
        ...{ rowId, columnId, status: 'filled' as const, value: 'written' },
      }));
      return (await settleCells(database, by, step, results))?.settled ?? 0;
    },
    revert: async (by, pageNo) => {
      const step = stepOf(by, pageNo);
      let [reverted, changedMeanwhile] = [0, 0];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await readEffectsPage(database, by, step, cursor);
        if (!page) throw new Error('the job is not undone under this fence');
        const outcomes = page.items.map((item) => ({ target: item.target, outcome: takeBack(item) }));
        changedMeanwhile += outcomes.filter(({ outcome }) => outcome === 'changed_meanwhile').length;
        reverted += outcomes.filter(({ outcome }) => outcome !== 'changed_meanwhile').length;
        if (outcomes.length > 0) await recordOutcomes(database, by, step, outcomes);
        cursor = page.nextCursor;
      }
      return { reverted, changedMeanwhile };
    },
  };
}
