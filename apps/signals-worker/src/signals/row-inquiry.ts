import type { SignalEvent } from '@uno/signals-contract';
import {
  describeMissingIdentity,
  identityOf,
  type EntityIdentity,
  type EntityType,
  type NamedProvider,
} from '@uno/worker-kit';
import {
  MAX_MEMORY_BYTES,
  MAX_VALUE_BYTES,
  type CellResult,
  type OpenRow,
  type RowMemory,
} from '@uno/workflow-contracts';
import { signalsCauses, type SignalsCauseCode } from './signals-causes.js';
import type { EventsResult, SearchResult } from './signals-provider.js';
import { describeAbsence, latestEvent, type WantedEvents } from './wanted-events.js';

/** What the rows of a page have in common. */
export interface InquiryPage {
  readonly entityType: EntityType;
  readonly provider: NamedProvider;
  /** What each column wants; a column whose kinds this entity type does not have is absent. */
  readonly wanted: ReadonlyMap<string, WantedEvents>;
}

/** What was heard of the row from the provider, and how long that call took. */
export interface Heard<Result> {
  readonly result: Result;
  readonly ms: number;
}

/** One call for the row, as it stands in the provenance of its cells. A type, not an interface: that could not stand as JSON. */
type Try = {
  readonly provider: string;
  readonly call: 'search' | 'signals';
  readonly outcome: 'match' | 'no_match' | 'filled' | 'no_value' | 'unknown_id' | 'error';
  readonly code?: SignalsCauseCode;
  readonly ms: number;
  readonly charged: boolean;
};

type End =
  | { readonly outcome: 'known'; readonly events: readonly SignalEvent[] }
  | { readonly outcome: 'no_match' }
  | { readonly outcome: 'error'; readonly code: SignalsCauseCode };

/** Half of a character, and NUL: neither can be stored as text. */
const NOT_TEXT = /[\p{Surrogate}\0]/u;

/** One row on its way: the provider's id of it, what was asked, and in the end one result per cell. */
export class RowInquiry {
  readonly rowId: string;
  /** Of the columns that are open in this row. */
  readonly wanted: readonly WantedEvents[];
  readonly identity: EntityIdentity | undefined;
  readonly #columnIds: readonly string[];
  readonly #page: InquiryPage;
  readonly #remembered: string | undefined;
  readonly #tries: Try[] = [];
  #id: string | undefined;
  #end: End | undefined;

  constructor(row: OpenRow, page: InquiryPage) {
    this.rowId = row.rowId;
    this.#columnIds = row.columnIds;
    this.#page = page;
    this.identity = identityOf(page.entityType, row.identity);
    this.wanted = row.columnIds.flatMap((columnId) => page.wanted.get(columnId) ?? []);
    const remembered = row.memory[this.#memoryKey];
    this.#remembered = typeof remembered === 'string' && remembered !== '' ? remembered : undefined;
    this.#id = this.#remembered;
  }

  /** Whom to search for; undefined when that is not needed, or not possible. */
  get toSearch(): EntityIdentity | undefined {
    return this.#isOpen && this.#id === undefined ? this.identity : undefined;
  }

  /** The id to ask for events by; undefined when that is not needed, or not possible. */
  get toAsk(): string | undefined {
    return this.#isOpen ? this.#id : undefined;
  }

  searched({ result, ms }: Heard<SearchResult>): void {
    const { outcome } = result;
    if (outcome === 'match') {
      this.#note({ call: 'search', outcome, ms, charged: true });
      this.#id = result.id;
      // The id that was asked before is the right one, and there is nothing under it.
      if (result.id === this.#remembered) this.#end = { outcome: 'known', events: [] };
    } else if (outcome === 'no_match') {
      this.#note({ call: 'search', outcome, ms, charged: false });
      this.#end = { outcome };
    } else this.#failed('search', result.code, ms);
  }

  /** @param charged whether this row is the one that the call was charged for. */
  asked({ result, ms }: Heard<EventsResult>, charged: boolean): void {
    const isStale = this.#id === this.#remembered;
    switch (result.outcome) {
      case 'known': {
        const any = result.events.length > 0;
        this.#note({ call: 'signals', outcome: any ? 'filled' : 'no_value', ms, charged: charged && any });
        this.#end = result;
        return;
      }
      case 'unknown_id':
        this.#note({ call: 'signals', outcome: 'unknown_id', ms, charged: false });
        if (isStale) this.#id = undefined;
        else this.#end = { outcome: 'known', events: [] };
        return;
      default:
        if (!isStale || result.code !== 'provider_refused_row') return this.#failed('signals', result.code, ms);
        // What was an id once may be none at all by now.
        this.#note({ call: 'signals', outcome: 'error', code: result.code, ms, charged: false });
        this.#id = undefined;
    }
  }

  /** What to remember of the row from now on; undefined when that is what is remembered already. */
  memory(): RowMemory | undefined {
    if (this.#id === this.#remembered) return undefined;
    const memory = this.#id === undefined ? {} : { [this.#memoryKey]: this.#id };
    return Buffer.byteLength(JSON.stringify(memory)) <= MAX_MEMORY_BYTES ? memory : {};
  }

  /** @param now the end of the columns' windows. */
  cells(now: Date): CellResult[] {
    return this.#columnIds.map((columnId) => ({ rowId: this.rowId, columnId, ...this.#cell(columnId, now) }));
  }

  get #isOpen(): boolean {
    return this.identity !== undefined && this.wanted.length > 0 && this.#end === undefined;
  }

  get #memoryKey(): string {
    return `${this.#page.provider.name}Id`;
  }

  #note(entry: Omit<Try, 'provider'>): void {
    this.#tries.push({ provider: this.#page.provider.name, ...entry });
  }

  /** The one call for events serves all columns: how it went is said of each by itself. */
  #triesFor(event: SignalEvent | undefined): Try[] {
    return this.#tries.map((each) => {
      if (each.outcome !== 'filled' || (event && isStorable(event))) return each;
      return event ? { ...each, outcome: 'error', code: 'provider_value_unusable' } : { ...each, outcome: 'no_value' };
    });
  }

  #failed(call: Try['call'], code: SignalsCauseCode, ms: number): void {
    this.#note({ call, outcome: 'error', code, ms, charged: false });
    this.#end = { outcome: 'error', code };
  }

  #cell(columnId: string, now: Date): Omit<CellResult, 'rowId' | 'columnId'> {
    const { entityType, provider, wanted: wantedByColumn } = this.#page;
    const wanted = wantedByColumn.get(columnId);
    if (wanted === undefined) {
      return skipped('kinds_not_available', `None of these events exists for a ${entityType}.`);
    }
    if (this.identity === undefined) return skipped('missing_identity', describeMissingIdentity(entityType));
    const end = this.#end ?? { outcome: 'error', code: 'provider_row_missing' };
    const event = end.outcome === 'known' ? latestEvent(end.events, wanted, now) : undefined;
    const provenance = { tries: this.#triesFor(event) };
    if (end.outcome === 'error') {
      return { status: 'error', reason: signalsCauses.reasonFor(provider, end.code), provenance };
    }
    if (end.outcome === 'no_match') {
      const reason = { code: 'no_match', message: `${provider.title} has no match.` };
      return { status: 'not_found', reason, provenance };
    }
    if (event === undefined) {
      const message = `${provider.title} has a match but ${describeAbsence(wanted)}.`;
      return { status: 'not_found', reason: { code: 'no_event', message }, provenance };
    }
    if (!isStorable(event)) {
      return { status: 'error', reason: signalsCauses.reasonFor(provider, 'provider_value_unusable'), provenance };
    }
    return { status: 'filled', value: event, provenance: { source: provider.name, ...provenance } };
  }
}

function skipped(code: string, message: string): Pick<CellResult, 'status' | 'reason'> {
  return { status: 'skipped', reason: { code, message } };
}

function isStorable(event: SignalEvent): boolean {
  return (
    !NOT_TEXT.test(`${event.title}${event.url ?? ''}`) && Buffer.byteLength(JSON.stringify(event)) <= MAX_VALUE_BYTES
  );
}
