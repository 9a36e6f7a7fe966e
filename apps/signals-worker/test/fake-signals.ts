import type { SignalEvent } from '@uno/signals-contract';
import { pageCalls } from '@uno/worker-kit';
import { FakeLease } from '@uno/worker-kit/testing';
import type { CellResult, OpenRow, RowMemory, StepPage } from '@uno/workflow-contracts';
import { fillSignals } from '../src/signals/index.js';
import {
  SignalsProvider,
  type EventsRequest,
  type EventsResult,
  type SearchRequest,
  type SearchResult,
} from '../src/signals/signals-provider.js';

/** Knows everybody by `id-<name>` and an event of each, unless the test says otherwise; remembers what it was asked. */
export class FakeSignals extends SignalsProvider {
  override readonly name = 'lusha';
  override readonly title = 'Lusha';
  override readonly account = 'account-1';
  override readonly requestsPerSecond = 25;
  readonly searches: SearchRequest[] = [];
  readonly questions: EventsRequest[] = [];
  onSearch: (name: string) => SearchResult | undefined = (name) => ({ outcome: 'match', id: `id-${name}` });
  onEvents: (id: string) => EventsResult | undefined = () => ({ outcome: 'known', events: [EVENT] });

  /** The names searched for, call by call. */
  get searched(): string[][] {
    return this.searches.map(({ entities }) => entities.map(({ name = '' }) => name));
  }

  get asked(): (readonly string[])[] {
    return this.questions.map(({ ids }) => ids);
  }

  override async search(request: SearchRequest): Promise<readonly SearchResult[]> {
    this.searches.push(request);
    await Promise.resolve();
    return request.entities.map(({ name = '' }) => this.onSearch(name) ?? MISSING);
  }

  override async events(request: EventsRequest): Promise<readonly EventsResult[]> {
    this.questions.push(request);
    await Promise.resolve();
    return request.ids.map((id) => this.onEvents(id) ?? MISSING);
  }
}

const MISSING = { outcome: 'unanswered', code: 'provider_row_missing' } as const;

export const NOW = new Date('2026-11-22T12:00:00Z');
export const EVENT: SignalEvent = {
  kind: 'funding',
  title: 'A round',
  date: '2026-11-01',
  url: 'https://news.example/1',
};

export interface Filled {
  readonly cells: readonly CellResult[];
  readonly memories: ReadonlyMap<string, RowMemory>;
}

export interface FillOptions {
  readonly retryBudgetSeconds?: number;
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/** Fills rows as one chunk of a page, with the kit's own way to make calls. */
export async function fill(
  provider: SignalsProvider,
  { rows, ...page }: Pick<StepPage, 'entityType' | 'columns' | 'rows'>,
  options: FillOptions = {},
): Promise<Filled> {
  const { retryBudgetSeconds = 5, now = NOW, signal = new AbortController().signal } = options;
  const runningMs = (): number => performance.now();
  const call = pageCalls({ leases: new FakeLease(), signal, retryBudgetSeconds, runningMs });
  const cells: CellResult[] = [];
  const memories = new Map<string, RowMemory>();
  const handle = fillSignals(
    {
      call,
      page: { workspaceId: 'ws', references: {}, ...page },
      settle: (results, remembered = []) => {
        cells.push(...results);
        for (const { rowId, memory } of remembered) memories.set(rowId, memory);
      },
    },
    provider,
    () => now,
  );
  await handle(rows);
  return { cells, memories };
}

/** A row that is known by its id. */
export function rowOf(rowId: string, columnIds: readonly string[], more: Partial<OpenRow> = {}): OpenRow {
  return { rowId, columnIds: [...columnIds], inputs: {}, identity: { name: rowId }, memory: {}, ...more };
}
