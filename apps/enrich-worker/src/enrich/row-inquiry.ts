import type { EnrichAttribute } from '@uno/enrich-contract';
import type { CellResult, OpenRow } from '@uno/workflow-contracts';
import type { AttributeValue, EnrichProvider, ItemResult } from './enrich-provider.js';
import { describeMissingIdentity, identityOf, type EntityIdentity, type EntityType } from '@uno/worker-kit';
import { enrichCauses, type EnrichCauseCode } from './enrich-causes.js';

type Attempt =
  | { readonly provider: EnrichProvider; readonly ms: number; readonly result: ItemResult }
  | { readonly provider: EnrichProvider; readonly ms: number; readonly downBecause: EnrichCauseCode };

/** How one provider did for one cell, as it stands in the cell's provenance. */
interface Try {
  readonly provider: string;
  readonly outcome: 'filled' | 'no_value' | 'no_match' | 'error' | 'down';
  readonly code?: EnrichCauseCode;
  readonly ms: number;
  readonly charged: boolean;
}

/** One row on its way through the providers: what is wanted, who was asked, and in the end one result per cell. */
export class RowInquiry {
  readonly identity: EntityIdentity | undefined;
  private readonly row: OpenRow;
  private readonly entityType: EntityType;
  private readonly attributes: ReadonlyMap<string, EnrichAttribute>;
  private readonly attempts: Attempt[] = [];

  /** @param attributes the attribute of each column that this entity type has. */
  constructor(row: OpenRow, entityType: EntityType, attributes: ReadonlyMap<string, EnrichAttribute>) {
    this.row = row;
    this.entityType = entityType;
    this.attributes = attributes;
    this.identity = identityOf(entityType, row.inputs);
  }

  /** The attributes that some cell still lacks; empty when the row need not be asked again, or cannot be. */
  lacking(): readonly EnrichAttribute[] {
    if (this.identity === undefined) return [];
    return this.row.columnIds.flatMap((columnId) => {
      const attribute = this.attributes.get(columnId);
      return attribute === undefined || this.valueOf(attribute) !== undefined ? [] : [attribute];
    });
  }

  record(attempt: Attempt): void {
    this.attempts.push(attempt);
  }

  /** When somebody was asked and nobody gave any answer: the last one asked, and why it is down. */
  everybodyIsDown(): { readonly provider: string; readonly code: EnrichCauseCode } | undefined {
    const last = this.attempts.at(-1);
    if (last === undefined || !('downBecause' in last)) return undefined;
    if (!this.attempts.every((attempt) => 'downBecause' in attempt)) return undefined;
    return { provider: last.provider.name, code: last.downBecause };
  }

  /** Why there is no value: `Lusha did not answer in time; People Data Labs has no match. Try the cells again later; …` */
  describeAttempts(attribute?: EnrichAttribute): string {
    const happened = this.attempts.map((attempt) => `${attempt.provider.title} ${describe(attempt, attribute)}`);
    const advice = this.attempts.flatMap((attempt) => {
      const { code } = tryOf(attempt, attribute);
      return code === undefined ? [] : [enrichCauses.adviceFor(attempt.provider, code)];
    });
    return [`${happened.join('; ')}.`, ...new Set(advice)].join(' ');
  }

  cells(): CellResult[] {
    return this.row.columnIds.map((columnId) => ({ rowId: this.row.rowId, columnId, ...this.cell(columnId) }));
  }

  private cell(columnId: string): Omit<CellResult, 'rowId' | 'columnId'> {
    const attribute = this.attributes.get(columnId);
    if (attribute === undefined) {
      const message = `This attribute does not exist for a ${this.entityType}.`;
      return { status: 'skipped', reason: { code: 'attribute_not_available', message } };
    }
    if (this.identity === undefined) {
      return {
        status: 'skipped',
        reason: { code: 'missing_identity', message: describeMissingIdentity(this.entityType) },
      };
    }
    const tries = this.triesFor(attribute);
    const value = this.valueOf(attribute);
    const last = tries.at(-1);
    if (value !== undefined && last !== undefined) {
      return { status: 'filled', value, provenance: provenanceOf(tries, last.provider) };
    }
    const failure = tries.find(({ outcome }) => outcome === 'down') ?? tries.find(({ outcome }) => outcome === 'error');
    const message = this.describeAttempts(attribute);
    if (failure?.code !== undefined) {
      return { status: 'error', reason: { code: failure.code, message }, provenance: provenanceOf(tries) };
    }
    const code = tries.some(({ outcome }) => outcome === 'no_value') ? 'no_value' : 'no_match';
    return { status: 'not_found', reason: { code, message }, provenance: provenanceOf(tries) };
  }

  private valueOf(attribute: EnrichAttribute): AttributeValue | undefined {
    for (const attempt of this.attempts) {
      const value = valueIn(attempt, attribute);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Up to the provider that knew; the row may have been asked on for another cell. */
  private triesFor(attribute: EnrichAttribute): readonly Try[] {
    const known = this.attempts.findIndex((attempt) => valueIn(attempt, attribute) !== undefined);
    return this.attempts.slice(0, known < 0 ? undefined : known + 1).map((attempt) => tryOf(attempt, attribute));
  }
}

function valueIn(attempt: Attempt, attribute: EnrichAttribute): AttributeValue | undefined {
  return 'result' in attempt && attempt.result.outcome === 'found' ? attempt.result.values[attribute] : undefined;
}

function tryOf(attempt: Attempt, attribute: EnrichAttribute | undefined): Try {
  const base = { provider: attempt.provider.name, ms: attempt.ms };
  if ('downBecause' in attempt) return { ...base, outcome: 'down', code: attempt.downBecause, charged: false };
  const { result } = attempt;
  switch (result.outcome) {
    case 'found': {
      const { charged } = result;
      if (attribute === undefined || result.values[attribute] !== undefined)
        return { ...base, outcome: 'filled', charged };
      if (result.unusable?.includes(attribute) !== true) return { ...base, outcome: 'no_value', charged };
      return { ...base, outcome: 'error', code: 'provider_value_unusable', charged };
    }
    case 'not_found':
      return { ...base, outcome: 'no_match', charged: false };
    case 'error':
    case 'unanswered':
      return { ...base, outcome: 'error', code: result.code, charged: false };
  }
}

/** How the provider did, as a predicate that follows its name. */
function describe(attempt: Attempt, attribute: EnrichAttribute | undefined): string {
  const { outcome, code } = tryOf(attempt, attribute);
  if (code !== undefined) return enrichCauses.predicateOf(code);
  if (outcome === 'no_match') return 'has no match';
  return outcome === 'no_value' ? `has a match but no ${attribute ?? 'value'}` : 'has a match';
}

function provenanceOf(tries: readonly Try[], source?: string): NonNullable<CellResult['provenance']> {
  return { ...(source !== undefined && { source }), tries: tries.map((each) => ({ ...each })) };
}
