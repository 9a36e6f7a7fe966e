import { isDeepStrictEqual } from 'node:util';
import { MAX_EARLIER_VALUES } from '@uno/workflow-contracts';
import type {
  Effect,
  EffectOutcome,
  EffectsPage,
  EffectsReply,
  EffectsRequest,
  EffectTarget,
  JournaledEffect,
  OutcomesRequest,
} from '@uno/workflow-contracts';

interface Entry {
  readonly jobId: string;
  readonly effect: Effect;
}

/** The effect journal of the test server: every effect that was announced, and how the revert of each record ended. */
export class TestJournal {
  readonly entries: Entry[] = [];
  /** Records of one reply. */
  recordsPerReply = 100;
  readonly #outcomes = new Map<string, EffectOutcome>();

  /** How the revert of a record ended; undefined while it has not. */
  outcomeOf(jobId: string, target: EffectTarget): EffectOutcome | undefined {
    return this.#outcomes.get(recordOf(jobId, target));
  }

  write(jobId: string, { effects }: EffectsRequest): EffectsReply['effects'] {
    for (const effect of effects) this.entries.push({ jobId, effect });
    return effects.map(({ target, key }) => {
      const first = this.entries.find(
        ({ effect, ...entry }) =>
          effect.key === key && recordOf(entry.jobId, effect.target) === recordOf(jobId, target),
      );
      return { existedBefore: first?.effect.before != null };
    });
  }

  /** The cursor is the record's place among all records of the job. */
  read(jobId: string, cursor: number): Pick<EffectsPage, 'items' | 'nextCursor'> {
    const records = new Map<string, JournaledEffect>();
    for (const { effect } of this.entries.filter((entry) => entry.jobId === jobId)) {
      const { target, before, after } = effect;
      const record = recordOf(jobId, target);
      const known = records.get(record);
      records.set(record, known ? { target, ...folded(known, { before, after }) } : { target, before, after });
    }
    const to = cursor + this.recordsPerReply;
    const items = [...records]
      .slice(cursor, to)
      .flatMap(([record, item]) => (this.#outcomes.has(record) ? [] : [item]));
    return { items, nextCursor: to < records.size ? String(to) : null };
  }

  close(jobId: string, { outcomes }: OutcomesRequest): number {
    const before = this.#outcomes.size;
    for (const { target, outcome } of outcomes) {
      const record = recordOf(jobId, target);
      if (!this.#outcomes.has(record)) this.#outcomes.set(record, outcome);
    }
    return this.#outcomes.size - before;
  }
}

/** Property by property: what was there first, what was set last, and what was set in between. */
function folded(
  known: Omit<JournaledEffect, 'target'>,
  later: Pick<Effect, 'before' | 'after'>,
): Omit<JournaledEffect, 'target'> {
  const before = known.before === null ? null : { ...later.before, ...known.before };
  const earlier: NonNullable<JournaledEffect['earlier']> = { ...known.earlier };
  for (const [name, value] of Object.entries(known.after)) {
    const last = later.after[name];
    if (last === undefined || isDeepStrictEqual(last, value)) continue;
    const others = (earlier[name] ?? []).filter((one) => !isDeepStrictEqual(one, last));
    earlier[name] = [value, ...others].slice(0, MAX_EARLIER_VALUES);
  }
  const after = { ...known.after, ...later.after };
  return { before, after, ...(Object.keys(earlier).length > 0 && { earlier }) };
}

const recordOf = (jobId: string, { object, idProperty, value }: EffectTarget): string =>
  JSON.stringify([jobId, object, idProperty, value]);
