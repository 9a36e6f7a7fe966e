import type { EnrichAttribute } from '@uno/enrich-contract';
import { COMPANY_ATTRIBUTES, CONTACT_ATTRIBUTES, enrichConfig } from '@uno/enrich-contract';
import {
  askEach,
  PageFailed,
  PageHealth,
  ProviderCaller,
  systemClock,
  type Clock,
  type EntityIdentity,
  type EntityType,
  type RateLease,
  type Told,
} from '@uno/worker-kit';
import type { CellResult, OpenRow, StepPage } from '@uno/workflow-contracts';
import type { EnrichCauseCode } from './enrich-causes.js';
import type { EnrichProvider, ItemResult } from './enrich-provider.js';
import { RowInquiry } from './row-inquiry.js';

/** What the chunks of one page share. Made once per page, by {@link EnrichWaterfall.openPage}. */
export interface EnrichPage {
  readonly entityType: EntityType;
  /** Attribute by column id; a column whose attribute this entity type does not have is absent. */
  readonly attributes: ReadonlyMap<string, EnrichAttribute>;
  readonly health: PageHealth;
}

/** A chunk's share of the page, and the signal that stops it: no call starts after its abort, calls in flight are dropped. */
export interface EnrichContext {
  readonly page: EnrichPage;
  readonly signal: AbortSignal;
}

export interface EnrichWaterfallOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly EnrichProvider[];
  readonly leases: RateLease;
  /** A provider may have a lower limit of its own. */
  readonly lookupsPerCall: number;
  readonly retryBudgetSeconds: number;
  readonly clock?: Clock;
}

interface Asked {
  readonly inquiry: RowInquiry;
  readonly identity: EntityIdentity;
}

/**
 * Fills cells from several providers: each cell takes its attribute's first non-empty value in provider order, and a provider
 * is asked only for rows that still lack one, with one look-up for all columns of the row.
 */
export class EnrichWaterfall {
  /** Rows of a chunk that make one full call. */
  readonly chunkSize: number;
  private readonly options: EnrichWaterfallOptions;
  private readonly caller: ProviderCaller;

  constructor(options: EnrichWaterfallOptions) {
    this.options = options;
    this.chunkSize = options.lookupsPerCall;
    this.caller = new ProviderCaller(options.leases, options.clock ?? systemClock);
  }

  /**
   * Reads what the page's columns want and starts a retry budget of its own for each provider.
   *
   * @param runningMs the time by which the budgets are counted; it may stand still while the job does.
   */
  openPage(
    { entityType, columns }: Pick<StepPage, 'entityType' | 'columns'>,
    runningMs: () => number = () => (this.options.clock ?? systemClock).now(),
  ): EnrichPage {
    const available: readonly EnrichAttribute[] = entityType === 'company' ? COMPANY_ATTRIBUTES : CONTACT_ATTRIBUTES;
    const attributes = columns.flatMap(({ columnId, config }) => {
      const parsed = enrichConfig.safeParse(config);
      const known = parsed.success && available.includes(parsed.data.attribute);
      return known ? [[columnId, parsed.data.attribute] as const] : [];
    });
    return {
      entityType,
      attributes: new Map(attributes),
      health: new PageHealth(this.options.retryBudgetSeconds * 1_000, runningMs),
    };
  }

  /**
   * Looks the rows up. Chunks of one page may run in parallel.
   *
   * @returns one result for every open cell of the chunk.
   * @throws PageFailed when a provider refuses the account, or when every provider is down for a row; the reason of the signal
   * when it is aborted.
   */
  async lookUp(chunk: readonly OpenRow[], context: EnrichContext): Promise<CellResult[]> {
    const { entityType, attributes } = context.page;
    const inquiries = chunk.map((row) => new RowInquiry(row, entityType, attributes));
    for (const provider of this.options.providers) {
      const open = inquiries.flatMap((inquiry) =>
        inquiry.identity !== undefined && inquiry.lacking().length > 0 ? [{ inquiry, identity: inquiry.identity }] : [],
      );
      const perCall = Math.min(this.options.lookupsPerCall, provider.maxLookupsPerCall);
      for (let from = 0; from < open.length; from += perCall) {
        await this.ask(provider, open.slice(from, from + perCall), context);
      }
    }
    for (const inquiry of inquiries) {
      const down = inquiry.everybodyIsDown();
      if (down !== undefined) throw new PageFailed({ ...down, message: inquiry.describeAttempts() });
    }
    return inquiries.flatMap((inquiry) => inquiry.cells());
  }

  private async ask(provider: EnrichProvider, asked: readonly Asked[], { page, signal }: EnrichContext): Promise<void> {
    const { entityType } = page;
    const health = page.health.of(provider.name);
    const told = await askEach(asked, {
      provider,
      call: (account, request) => this.caller.call(account, request, { health, signal }),
      ask: (some, aborted) =>
        provider.lookUp(
          {
            entityType,
            attributes: new Set(some.flatMap(({ inquiry }) => inquiry.lacking())),
            entities: some.map(({ identity }) => identity),
          },
          aborted,
        ),
    });
    for (const [{ inquiry }, each] of told) inquiry.record({ provider, ms: each.ms, ...attemptOf(each) });
  }
}

function attemptOf(
  told: Told<ItemResult>,
): { readonly result: ItemResult } | { readonly downBecause: EnrichCauseCode } {
  if ('answer' in told) return { result: told.answer };
  if (told.down) return { downBecause: told.code };
  return { result: { outcome: 'error', code: told.code, charged: false } };
}
