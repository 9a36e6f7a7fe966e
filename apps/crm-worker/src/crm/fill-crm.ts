import { crmConfig } from '@uno/crm-contract';
import type { ChunkHandler, PageContext } from '@uno/worker-kit';
import type { CrmProvider } from './crm-provider.js';
import { ColumnWriter } from './column-writer.js';
import { inRounds, planWrite, recordOf } from './planned-write.js';
import { RecordTurns } from './record-turns.js';

export interface CrmFillOptions {
  readonly jobId: string;
  readonly provider: CrmProvider;
}

/**
 * Makes the handler of a page: writes the rows of a chunk into the CRM, column by column, with one read and one upsert for up
 * to a hundred of them. Rows that are one record follow each other in the order of the page.
 */
export function fillCrm(context: PageContext, { jobId, provider }: CrmFillOptions): ChunkHandler {
  const { references } = context.page;
  const columns = context.page.columns.map(({ columnId, config }) => ({ columnId, config: crmConfig.parse(config) }));
  const writers = columns.map((column) => ({ column, writer: new ColumnWriter(context, provider, column.config) }));
  const turns = new RecordTurns();
  return async (rows) => {
    const planned = writers.flatMap(({ column, writer }) => {
      const open = rows.filter(({ columnIds }) => columnIds.includes(column.columnId));
      return open.map((row) => ({ writer, cell: planWrite(row, column, { jobId, references }) }));
    });
    context.settle(planned.flatMap(({ cell }) => ('status' in cell ? [cell] : [])));
    const writes = planned.flatMap(({ writer, cell }) => ('status' in cell ? [] : [{ writer, ...cell }]));
    // Nothing may be awaited before: chunks come in the order of their rows.
    const turn = turns.take(writes.map(recordOf));
    try {
      await turn.ready;
      for (const { writer } of writers) {
        const own = writes.filter((write) => write.writer === writer);
        for (const round of inRounds(own)) await writer.write(round);
      }
    } finally {
      turn.release();
    }
  };
}
