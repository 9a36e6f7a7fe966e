import type { EnrichAttribute } from '@uno/enrich-contract';
import { COMPANY_ATTRIBUTES, CONTACT_ATTRIBUTES, enrichConfig } from '@uno/enrich-contract';
import type { CellResult, OpenRow, StepPage } from '@uno/workflow-contracts';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import type { EnrichProvider, EntityType } from './enrich-provider.js';
import type { EntityIdentity } from './entity-identity.js';
import { PageFailed } from '@uno/worker-kit';
import { ProviderCaller } from './provider-caller.js';
import { describeProviderError, ProviderError } from './provider-error.js';
import { PageHealth } from './provider-health.js';
import type { RateLease } from '@uno/worker-kit';
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

  /** Reads what the page's columns want and starts a retry budget of its own for each provider. */
  openPage({ entityType, columns }: Pick<StepPage, 'entityType' | 'columns'>): EnrichPage {
    const available: readonly EnrichAttribute[] = entityType === 'company' ? COMPANY_ATTRIBUTES : CONTACT_ATTRIBUTES;
    const attributes = columns.flatMap(({ columnId, config }) => {
      const parsed = enrichConfig.safeParse(config);
      const known = parsed.success && available.includes(parsed.data.attribute);
      return known ? [[columnId, parsed.data.attribute] as const] : [];
    });
    return {
      entityType,
      attributes: new Map(attributes),
      health: new PageHealth(this.options.retryBudgetSeconds * 1_000),
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
    const unanswered = inquiries.find((inquiry) => inquiry.everybodyIsDown());
    if (unanswered !== undefined) throw this.allDown(unanswered);
    return inquiries.flatMap((inquiry) => inquiry.cells());
  }

  private async ask(provider: EnrichProvider, asked: readonly Asked[], context: EnrichContext): Promise<void> {
    const { page, signal } = context;
    const request = {
      entityType: page.entityType,
      attributes: new Set(asked.flatMap(({ inquiry }) => inquiry.lacking())),
      entities: asked.map(({ identity }) => identity),
    };
    try {
      const call = await this.caller.call(provider, request, { health: page.health.of(provider.name), signal });
      for (const [index, { inquiry }] of asked.entries()) {
        if (call.answered) {
          const result = call.results[index] ?? { outcome: 'error', code: 'bad_reply', charged: false };
          inquiry.record({ provider, ms: call.ms, result });
        } else {
          inquiry.record({ provider, ms: call.ms, downBecause: call.code });
        }
      }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind === 'page') throw accountRefused(provider, error);
      await this.isolate(provider, asked, context);
    }
  }

  /** One bad entity makes a provider refuse the whole call: halves are asked again until it stands alone. */
  private async isolate(provider: EnrichProvider, asked: readonly Asked[], context: EnrichContext): Promise<void> {
    const [only, ...others] = asked;
    if (only === undefined) return;
    if (others.length === 0) {
      only.inquiry.record({ provider, ms: 0, result: { outcome: 'error', code: 'bad_request', charged: false } });
      return;
    }
    const middle = Math.ceil(asked.length / 2);
    await this.ask(provider, asked.slice(0, middle), context);
    await this.ask(provider, asked.slice(middle), context);
  }

  private allDown(inquiry: RowInquiry): PageFailed {
    const provider = this.options.providers.at(-1)?.name ?? 'none';
    return new PageFailed({ code: 'provider_down', provider, message: inquiry.describeAttempts() });
  }
}

function accountRefused(provider: EnrichProvider, error: ProviderError): PageFailed {
  const message = `${provider.title} ${describeProviderError(error.code)}.`;
  return new PageFailed({ code: error.code, provider: provider.name, message });
}
