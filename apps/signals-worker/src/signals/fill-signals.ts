import type { ChunkHandler, PageContext } from '@uno/worker-kit';
import { askEach } from './ask-each.js';
import { RowInquiry, type InquiryPage } from './row-inquiry.js';
import type { EventsResult, SearchResult, SignalsProvider } from './signals-provider.js';
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

  const search = async (rows: readonly RowInquiry[]): Promise<void> => {
    const asked = rows.flatMap((row) => (row.toSearch === undefined ? [] : [{ row, entity: row.toSearch }]));
    const told = await askEach<(typeof asked)[number], SearchResult>(asked, {
      ...{ call, provider },
      ask: (some, signal) => provider.search({ entityType, entities: some.map(({ entity }) => entity) }, signal),
    });
    for (const [{ row }, answer] of told) row.searched(answer);
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
    for (const [id, answer] of told) {
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
