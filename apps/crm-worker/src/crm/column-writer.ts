import type { CrmConfig, CrmValue } from '@uno/crm-contract';
import { MAX_ANSWERS, pageFailedAt, ProviderError, type PageContext } from '@uno/worker-kit';
import { MAX_EFFECT_BYTES, type CellResult } from '@uno/workflow-contracts';
import { crmCauses, unknownPropertiesReason, type CrmCauseCode } from './crm-causes.js';
import { UnknownProperties } from './crm-provider.js';
import type { CrmProvider, RecordProperties, RecordRead, RecordWrite } from './crm-provider.js';
import type { PlannedWrite } from './planned-write.js';

/** A write may follow its read no later than this, or the record is read once more: it may have waited for a pause. */
const FRESH_FOR_MS = 5_000;
/** A call starts no later than this after its lease, or a pause in between would not hold it back. */
const STARTS_WITHIN_MS = 150;
/** So many rows are refused alone, and none is taken, before all of them count as refused. */
const REFUSED_ALONE = 3;

/** What one try made of a write. */
type Attempt =
  | { readonly outcome: 'written'; readonly recordId: string; readonly existedBefore: boolean }
  | Exclude<RecordWrite, { outcome: 'written' }>
  | { readonly outcome: 'unknown_properties'; readonly properties: readonly string[] }
  | { readonly outcome: 'too_large' };

/** A write whose record was read, and may be written. */
interface Prepared {
  readonly write: PlannedWrite;
  readonly before: RecordProperties | null;
}

/** Writes the cells of one column of a page. */
export class ColumnWriter {
  /** Why every call for this column is refused, once that is known. */
  private refusedBecause: CrmCauseCode | undefined;
  private refusedAlone = 0;
  private wasTaken = false;
  /** Properties that the CRM said it does not have. */
  private readonly unknown = new Set<string>();

  constructor(
    private readonly context: PageContext,
    private readonly provider: CrmProvider,
    private readonly config: CrmConfig,
  ) {}

  /**
   * Settles each of the writes, of which no two may be to the same record. What the CRM did not answer for is asked again,
   * with the others left out.
   *
   * @throws PageFailed when the CRM is down or refuses the account; the reason of the page's signal.
   */
  async write(planned: readonly PlannedWrite[], answers = 1): Promise<void> {
    if (this.refusedBecause) return this.settleAll(planned, this.refusedBecause);
    const writes = this.withoutUnknown(planned);
    if (writes.length === 0) return;
    const again: PlannedWrite[] = [];
    try {
      const call = await this.context.call(this.provider, (signal) => this.tryToWrite(writes, signal));
      if (!call.answered && call.down) throw pageFailedAt(this.provider, call.code);
      if (!call.answered) return this.settleAll(writes, call.code);
      const results = writes.flatMap((write, index) => {
        const attempt = call.reply[index] ?? MISSING;
        if (attempt.outcome !== 'unanswered' || answers >= MAX_ANSWERS) return [this.resultOf(write, attempt, call.ms)];
        again.push(write);
        return [];
      });
      this.context.settle(results);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error instanceof UnknownProperties) {
        for (const property of error.properties) this.unknown.add(property);
        return this.write(writes, answers);
      }
      await this.isolate(writes, answers);
    }
    if (again.length > 0) await this.write(again, answers + 1);
  }

  /**
   * Reads, journals, writes: each try anew, so that the journal knows what every one of them found. A try that is lost after
   * its write finds its own values at the next, and the journal's first entry still says what was there before.
   */
  private async tryToWrite(writes: readonly PlannedWrite[], signal: AbortSignal): Promise<readonly Attempt[]> {
    const { provider, context } = this;
    const reads = await this.readFresh(writes, signal);
    if (!reads) return writes.map(() => ({ outcome: 'refused', code: this.refusedBecause ?? MATCH_REFUSED }));
    const attempts = new Map<PlannedWrite, Attempt>();
    const prepared = writes.flatMap((write, index): Prepared[] => {
      const read = reads[index] ?? MISSING;
      if (read.outcome === 'unanswered') attempts.set(write, read);
      if (read.outcome === 'unanswered') return [];
      const before = read.outcome === 'absent' ? null : former(read.properties, write.properties);
      if (fitsTheJournal(before, write.properties)) return [{ write, before }];
      attempts.set(write, { outcome: 'too_large' });
      return [];
    });
    if (prepared.length > 0) {
      const journalAt = performance.now();
      const known = await context.journal(
        prepared.map(({ write, before }) => ({
          ...{ rowId: write.rowId, columnId: write.columnId, key: write.key, target: write.target },
          ...{ before, after: write.properties },
        })),
      );
      if (performance.now() - journalAt > STARTS_WITHIN_MS) await this.lease(signal);
      const { object, matchOn: idProperty } = this.config;
      const inputs = prepared.map(({ write: { target, properties, key } }) => ({
        value: target.value,
        properties,
        key,
      }));
      const answers = await provider.upsert({ object, idProperty, writes: inputs }, signal);
      this.wasTaken = true;
      for (const [index, { write }] of prepared.entries()) {
        const answer = answers[index] ?? MISSING;
        const existedBefore = known[index]?.existedBefore ?? true;
        attempts.set(write, answer.outcome === 'written' ? { ...answer, existedBefore } : answer);
      }
    }
    return writes.map((write) => attempts.get(write) ?? MISSING);
  }

  /**
   * Reads the records, and gets the lease of the write that follows: journaled is what is written at once.
   *
   * @returns undefined where the CRM finds no records by the property that the column matches on.
   */
  private async readFresh(
    writes: readonly PlannedWrite[],
    signal: AbortSignal,
  ): Promise<readonly RecordRead[] | undefined> {
    const { object, matchOn: idProperty, map } = this.config;
    const request = {
      object,
      idProperty,
      properties: Object.keys(map),
      values: writes.map(({ target }) => target.value),
    };
    for (let round = 1; ; round++) {
      const reads = await this.provider.read(request, signal).catch((error: unknown) => this.matchRefused(error));
      if (!reads) return undefined;
      const readAt = performance.now();
      await this.lease(signal);
      if (round === 2 || performance.now() - readAt < FRESH_FOR_MS) return reads;
    }
  }

  private async lease(signal: AbortSignal): Promise<void> {
    const { name: provider, account: key, requestsPerSecond } = this.provider;
    await this.context.leases.acquire({ provider, key, requestsPerSecond, want: 1 }, signal);
    signal.throwIfAborted();
  }

  private matchRefused(error: unknown): undefined {
    if (!(error instanceof ProviderError) || error.status !== 400) throw error;
    this.refusedBecause = MATCH_REFUSED;
  }

  /** Settles the writes that would set what the CRM does not have. @returns the others. */
  private withoutUnknown(writes: readonly PlannedWrite[]): readonly PlannedWrite[] {
    if (this.unknown.size === 0) return writes;
    const unknownOf = ({ properties }: PlannedWrite): string[] =>
      Object.keys(properties).filter((name) => this.unknown.has(name));
    const refused = writes.filter((write) => unknownOf(write).length > 0);
    this.context.settle(
      refused.map((write) => this.resultOf(write, { outcome: 'unknown_properties', properties: unknownOf(write) }, 0)),
    );
    return writes.filter((write) => !refused.includes(write));
  }

  /** One bad row makes the CRM refuse the whole call: halves are asked again until it stands alone. */
  private async isolate(writes: readonly PlannedWrite[], answers: number): Promise<void> {
    if (writes.length <= 1) {
      this.refusedAlone += 1;
      if (this.refusedAlone >= REFUSED_ALONE && !this.wasTaken) this.refusedBecause = 'provider_column_refused';
      return this.settleAll(writes, this.refusedBecause ?? 'provider_refused_row');
    }
    const middle = Math.ceil(writes.length / 2);
    await this.write(writes.slice(0, middle), answers);
    await this.write(writes.slice(middle), answers);
  }

  private settleAll(writes: readonly PlannedWrite[], code: CrmCauseCode): void {
    this.context.settle(writes.map((write) => this.resultOf(write, { outcome: 'refused', code }, 0)));
  }

  private resultOf({ rowId, columnId }: PlannedWrite, attempt: Attempt, ms: number): CellResult {
    const cell = { rowId, columnId };
    const { name } = this.provider;
    const provenance = (outcome: 'filled' | 'error', code?: string): CellResult['provenance'] => ({
      ...(outcome === 'filled' && { source: name }),
      tries: [{ provider: name, outcome, ...(code !== undefined && { code }), ms }],
    });
    switch (attempt.outcome) {
      case 'written': {
        const { recordId, existedBefore } = attempt;
        const value: CrmValue = { recordId, outcome: existedBefore ? 'updated' : 'created' };
        return { ...cell, status: 'filled', value, provenance: provenance('filled') };
      }
      case 'too_large':
        return { ...cell, status: 'error', reason: TOO_LARGE };
      case 'unknown_properties': {
        const reason = unknownPropertiesReason(this.provider, attempt.properties);
        return { ...cell, status: 'error', reason, provenance: provenance('error', reason.code) };
      }
      default: {
        const code = attempt.outcome === 'absent' ? 'provider_refused_row' : attempt.code;
        const reason = crmCauses.reasonFor(this.provider, code);
        return { ...cell, status: 'error', reason, provenance: provenance('error', code) };
      }
    }
  }
}

const MATCH_REFUSED = 'provider_match_refused';
const MISSING = { outcome: 'unanswered', code: 'provider_row_missing' } as const;
const TOO_LARGE = {
  code: 'value_too_long',
  message: 'What this row writes, with what it replaces, is too long to be taken back. Map less of it, or shorten it.',
};

/** What the record holds in the properties that a write sets. */
function former(properties: RecordProperties, written: Readonly<Record<string, string>>): RecordProperties {
  return Object.fromEntries(Object.keys(written).map((name) => [name, properties[name] ?? null]));
}

function fitsTheJournal(before: RecordProperties | null, after: RecordProperties): boolean {
  return Buffer.byteLength(JSON.stringify(before)) + Buffer.byteLength(JSON.stringify(after)) <= MAX_EFFECT_BYTES;
}
