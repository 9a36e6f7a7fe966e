import { askEach, pageFailedAt, type ChunkHandler, type PageContext, type Told } from '@uno/worker-kit';
import { RowInquiry, type Heard, type InquiryPage } from './row-inquiry.js';
import type { EventsResult, ItemFailure, SearchResult, SignalsProvider } from './signals-provider.js';
import { coveringQuestion, wantedByColumn } from './wanted-events.js';

/** What filling needs of the page that it runs in. */
type Page = Pick<PageContext, 'page' | 'call' | 'settle'>;

/**
 * Makes the handler of a page. The provider's ids of the rows are searched for where none is remembered; one call with the ids
 * of all rows of the chunk then serves all columns. Ids are remembered with the results; one that the provider does not know
 * any more is searched for again, once.
 */
export function fillSignals(
  { page, call, settle }: Page,
  provider: SignalsProvider,
  clock: () => Date = () => new Date(),
): ChunkHandler {
  const { entityType } = page;
  const shared: InquiryPage = { entityType, provider, wanted: wantedByColumn(page) };

  /** @throws PageFailed: with the one provider down, no further row could be asked for. */
  const heard = <Result>(told: Told<Result>): Heard<Result | ItemFailure> => {
    if ('answer' in told) return { result: told.answer, ms: told.ms };
    if (told.down) throw pageFailedAt(provider, told.code);
    return { result: { outcome: 'error', code: told.code }, ms: told.ms };
  };

  const search = async (rows: readonly RowInquiry[]): Promise<void> => {
    const asked = rows.flatMap((row) => (row.toSearch === undefined ? [] : [{ row, entity: row.toSearch }]));
    const told = await askEach<(typeof asked)[number], SearchResult>(asked, {
      ...{ call, provider },
      ask: (some, signal) => provider.search({ entityType, entities: some.map(({ entity }) => entity) }, signal),
    });
    for (const [{ row }, each] of told) row.searched(heard(each));
  };

  const ask = async (rows: readonly RowInquiry[], now: Date): Promise<void> => {
    const byId = rowsById(rows);
    if (byId.size === 0) return;
    const wanted = [...byId.values()].flat().flatMap((row) => row.wanted);
    const question = coveringQuestion(wanted, now);
    const told = await askEach<string, EventsResult>([...byId.keys()], {
      ...{ call, provider },
      ask: (ids, signal) => provider.events({ entityType, ids, ...question }, signal),
    });
    for (const [id, each] of told) {
      const answer = heard(each);
      for (const [index, row] of (byId.get(id) ?? []).entries()) row.asked(answer, index === 0);
    }
  };

  return async (rows) => {
    const now = clock();
    const inquiries = rows.map((row) => new RowInquiry(row, shared));
    // The second round is for remembered ids that turned out not to be known any more; it asks nothing when there are none.
    for (let round = 1; round <= 2; round++) {
      await search(inquiries);
      await ask(inquiries, now);
    }
    settle(
      inquiries.flatMap((inquiry) => inquiry.cells(now)),
      inquiries.flatMap((inquiry) => {
        const memory = inquiry.memory();
        return memory === undefined ? [] : [{ rowId: inquiry.rowId, memory }];
      }),
    );
  };
}

/** Rows that are the same entity have one id, and a provider answers for each id once. */
function rowsById(rows: readonly RowInquiry[]): ReadonlyMap<string, readonly RowInquiry[]> {
  const byId = new Map<string, RowInquiry[]>();
  for (const row of rows) {
    if (row.toAsk !== undefined) byId.set(row.toAsk, [...(byId.get(row.toAsk) ?? []), row]);
  }
  return byId;
}
