import { crmConfig, type CrmObject } from '@uno/crm-contract';
import { PageFailed, type RevertContext, type RevertOutcome } from '@uno/worker-kit';
import type { EffectOutcome, JournaledEffect } from '@uno/workflow-contracts';
import { crmCauses } from './crm-causes.js';
import type { CrmProvider, RecordFinder, RecordProperties, RecordRead } from './crm-provider.js';
import { holds } from './property-values.js';
import { RecordCalls } from './record-calls.js';

export interface CrmRevertOptions {
  readonly jobId: string;
  readonly provider: CrmProvider;
}

/** A record that still is as the job left it. */
interface Written {
  readonly effect: JournaledEffect;
  readonly recordId: string;
}

/**
 * Takes writes back: a record that the job created is archived, one that it changed gets its former values. What somebody
 * changed since is left as it is. A repeat finds what is taken back already as it was before the job.
 *
 * @throws PageFailed when the CRM gave no answer for a record, or does not take its former values any more; all others are
 * taken back then.
 */
export async function revertCrm(
  effects: readonly JournaledEffect[],
  context: RevertContext,
  { jobId, provider }: CrmRevertOptions,
): Promise<readonly RevertOutcome[]> {
  const outcomes = new Map<JournaledEffect, EffectOutcome>();
  const calls = new RecordCalls(context, provider);
  for (const { finder, group } of byFinder(effects)) {
    const written: Written[] = [];
    const properties = [...new Set(group.flatMap(({ after }) => Object.keys(after)))];
    const values = (some: readonly JournaledEffect[]): string[] => some.map(({ target }) => target.value);
    const read = await calls.make(group, (some, signal) =>
      provider.read({ ...finder, properties, values: values(some) }, signal),
    );
    for (const [effect, answer] of read) {
      const next = nextFor(effect, answer);
      if ('recordId' in next) written.push({ effect, recordId: next.recordId });
      else outcomes.set(effect, next.outcome);
    }
    const created = written.filter(({ effect }) => effect.before === null);
    const archived = await calls.make(created, (some, signal) =>
      provider.archive(
        finder.object,
        some.map(({ recordId }) => recordId),
        signal,
      ),
    );
    for (const { effect } of archived.keys()) outcomes.set(effect, 'archived');
    const changed = written.filter(({ effect }) => effect.before !== null);
    const restored = await calls.make(changed, (some, signal) =>
      provider.update({ object: finder.object, writes: some.map((each) => restoringWrite(jobId, each)) }, signal),
    );
    for (const [{ effect }, { outcome }] of restored) {
      // Somebody deleted it since it was read.
      outcomes.set(effect, outcome === 'absent' ? 'changed_meanwhile' : 'restored');
    }
  }
  if (calls.failedBecause !== undefined) {
    throw new PageFailed({ provider: provider.name, ...crmCauses.reasonFor(provider, calls.failedBecause) });
  }
  return [...outcomes].map(([{ target }, outcome]) => ({ target, outcome }));
}

/** The end of it, or the record that is to be taken back. */
function nextFor(
  effect: JournaledEffect,
  read: RecordRead,
): { readonly outcome: EffectOutcome } | { readonly recordId: string } {
  if (read.outcome !== 'found') return { outcome: effect.before === null ? 'unchanged' : 'changed_meanwhile' };
  if (effect.before !== null && holds(read.properties, formerProperties(effect))) return { outcome: 'unchanged' };
  return isOurs(effect, read.properties) ? { recordId: read.recordId } : { outcome: 'changed_meanwhile' };
}

/**
 * Whether the record is as the writes of the job may have left it: whichever of them were made, each property holds what one of
 * them set or what was there before. A record that holds nothing of the job at all is somebody else's.
 */
function isOurs(effect: JournaledEffect, current: RecordProperties): boolean {
  const former = formerProperties(effect);
  const written = effect.after as RecordProperties;
  const names = Object.keys(written);
  const valuesOf = (name: string): readonly (string | null)[] => [
    written[name] ?? null,
    ...((effect.earlier?.[name] ?? []) as readonly (string | null)[]),
  ];
  const holdsAny = (name: string, values: readonly (string | null)[]): boolean =>
    values.some((value) => holds(current, { [name]: value }));
  return (
    names.every((name) => holdsAny(name, [...valuesOf(name), former[name] ?? null])) &&
    names.some((name) => holdsAny(name, valuesOf(name)))
  );
}

const restoringWrite = (jobId: string, { effect, recordId }: Written) => ({
  recordId,
  properties: formerProperties(effect),
  key: `${jobId}:revert:${recordId}`,
});

/** What the properties that were written held before. */
function formerProperties({ before, after }: JournaledEffect): RecordProperties {
  const former = (before ?? {}) as RecordProperties;
  return Object.fromEntries(Object.keys(after).map((name) => [name, former[name] ?? null]));
}

function byFinder(
  effects: readonly JournaledEffect[],
): { readonly finder: RecordFinder; readonly group: readonly JournaledEffect[] }[] {
  const groups = new Map<string, { finder: RecordFinder; group: JournaledEffect[] }>();
  for (const effect of effects) {
    const { object, idProperty } = effect.target;
    const name = JSON.stringify([object, idProperty]);
    const known = groups.get(name);
    if (known) known.group.push(effect);
    else groups.set(name, { finder: { object: objectOf(object), idProperty }, group: [effect] });
  }
  return [...groups.values()];
}

/** The journal holds what this service wrote there. */
const objectOf = (object: string): CrmObject => crmConfig.shape.object.parse(object);
