import type { PageCall } from '../page/page-calls.js';
import type { ProviderAccount } from './provider-account.js';
import { MAX_ANSWERS } from './provider-caller.js';
import type { ProviderCauseCode } from './provider-causes.js';
import { ProviderError, type ProviderErrorCode } from './provider-error.js';

/** An answer about one item; `unanswered`: it is missing or unreadable in the reply, so it may be asked again. */
interface Answered {
  readonly outcome: string;
}

/** What became of one item in the end, and how long that call took: an answer, or why there is none. */
export type Told<Answer> =
  | { readonly answer: Answer; readonly ms: number }
  /** The provider is down for the rest of the page. */
  | { readonly code: ProviderErrorCode; readonly down: true; readonly ms: number }
  | { readonly code: ProviderCauseCode; readonly down: false; readonly ms: number };

export interface Asking<Item, Answer> {
  readonly call: PageCall;
  readonly provider: ProviderAccount;
  /** One call for several items; the answers come in their order. */
  readonly ask: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Answer[]>;
}

/**
 * Asks for all items in one call. Those that are missing or unreadable in the reply are asked again without the others; when
 * the provider refuses the call, halves are asked, until what it refuses stands alone.
 *
 * @throws PageFailed when the provider refuses the account; the reason of the page's signal.
 */
export async function askEach<Item, Answer extends Answered>(
  items: readonly Item[],
  asking: Asking<Item, Answer>,
  answers = 1,
): Promise<ReadonlyMap<Item, Told<Answer>>> {
  if (items.length === 0) return new Map();
  const { call, provider, ask } = asking;
  const outcome = await call(provider, (signal) => ask(items, signal)).catch((error: unknown) => {
    if (error instanceof ProviderError) return undefined;
    throw error;
  });
  if (outcome === undefined) return isolate(items, asking, answers);
  const { ms } = outcome;
  if (!outcome.answered) {
    const { code } = outcome;
    const told: Told<Answer> = outcome.down ? { code, down: true, ms } : { code, down: false, ms };
    return new Map(items.map((item) => [item, told]));
  }
  const { reply } = outcome;
  const told = new Map(items.map((item, index) => [item, toldOf(reply[index], ms)]));
  if (answers === MAX_ANSWERS) return told;
  const again = items.filter((_, index) => (reply[index]?.outcome ?? 'unanswered') === 'unanswered');
  return new Map([...told, ...(await askEach(again, asking, answers + 1))]);
}

async function isolate<Item, Answer extends Answered>(
  items: readonly Item[],
  asking: Asking<Item, Answer>,
  answers: number,
): Promise<ReadonlyMap<Item, Told<Answer>>> {
  if (items.length === 1) return new Map(items.map((item) => [item, REFUSED]));
  const middle = Math.ceil(items.length / 2);
  const first = await askEach(items.slice(0, middle), asking, answers);
  return new Map([...first, ...(await askEach(items.slice(middle), asking, answers))]);
}

function toldOf<Answer>(answer: Answer | undefined, ms: number): Told<Answer> {
  return answer === undefined ? { code: 'provider_row_missing', down: false, ms } : { answer, ms };
}

const REFUSED = { code: 'provider_refused_row', down: false, ms: 0 } as const;
