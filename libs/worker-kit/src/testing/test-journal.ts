import type {
  Effect,
  EffectOutcome,
  EffectsPage,
  EffectsReply,
  EffectsRequest,
  EffectTarget,
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
    const records = new Map<string, Pick<Effect, 'target' | 'before' | 'after'>>();
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

/** Property by property: what was there first, and what was set last. */
function folded(
  known: Pick<Effect, 'before' | 'after'>,
  later: Pick<Effect, 'before' | 'after'>,
): Pick<Effect, 'before' | 'after'> {
  const before = known.before === null ? null : { ...later.before, ...known.before };
  return { before, after: { ...known.after, ...later.after } };
}

const recordOf = (jobId: string, { object, idProperty, value }: EffectTarget): string =>
  JSON.stringify([jobId, object, idProperty, value]);
