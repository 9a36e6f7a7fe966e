import { MAX_ANSWERS, pageFailedAt, ProviderError, type PageCall, type ProviderAccount } from '@uno/worker-kit';
import type { ItemFailure } from './signals-provider.js';

/** What a provider said of one item, in the end, and how long that call took. */
export interface Told<Result> {
  readonly result: Result | ItemFailure;
  readonly ms: number;
}

/** One call for several items; the answers come in their order. */
type AskTogether<Item, Result> = (
  items: readonly Item[],
  signal: AbortSignal,
) => Promise<readonly (Result | ItemFailure)[]>;

interface Asking<Item, Result> {
  readonly call: PageCall;
  readonly provider: ProviderAccount;
  readonly ask: AskTogether<Item, Result>;
}

/**
 * Asks for all items in one call. Those that are missing or unreadable in the reply are asked again without the others; when
 * the provider refuses the call, halves are asked, until what it refuses stands alone.
 *
 * @throws PageFailed when the provider refuses the account or is down for the rest of the page; the reason of the page's signal.
 */
export async function askEach<Item, Result extends { readonly outcome: string }>(
  items: readonly Item[],
  asking: Asking<Item, Result>,
  answers = 1,
): Promise<Map<Item, Told<Result>>> {
  if (items.length === 0) return new Map();
  const { call, provider, ask } = asking;
  const outcome = await call(provider, (signal) => ask(items, signal)).catch((error: unknown) => {
    if (error instanceof ProviderError) return undefined;
    throw error;
  });
  if (outcome === undefined) return isolate(items, asking, answers);
  const { ms } = outcome;
  if (!outcome.answered) {
    if (outcome.down) throw pageFailedAt(provider, outcome.code);
    const result: ItemFailure = { outcome: 'error', code: outcome.code };
    return new Map(items.map((item) => [item, { result, ms }]));
  }
  const told = new Map(items.map((item, index) => [item, { result: outcome.reply[index] ?? MISSING, ms }]));
  if (answers === MAX_ANSWERS) return told;
  const again = items.filter((item) => told.get(item)?.result.outcome === 'unanswered');
  return new Map([...told, ...(await askEach(again, asking, answers + 1))]);
}

async function isolate<Item, Result extends { readonly outcome: string }>(
  items: readonly Item[],
  asking: Asking<Item, Result>,
  answers: number,
): Promise<Map<Item, Told<Result>>> {
  if (items.length === 1) return new Map(items.map((item) => [item, { result: REFUSED, ms: 0 }]));
  const middle = Math.ceil(items.length / 2);
  const first = await askEach(items.slice(0, middle), asking, answers);
  return new Map([...first, ...(await askEach(items.slice(middle), asking, answers))]);
}

const REFUSED: ItemFailure = { outcome: 'error', code: 'provider_refused_row' };
const MISSING: ItemFailure = { outcome: 'unanswered', code: 'provider_row_missing' };
