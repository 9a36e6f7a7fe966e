import { missingInputs, type ChunkHandler, type PageContext } from '@uno/worker-kit';
import type { CellResult, OpenRow } from '@uno/workflow-contracts';
import { aiColumn, type AiColumn } from './ai-column.js';
import type { AiProvider } from './ai-provider.js';
import { CellInquiry, type CellEnd } from './cell-inquiry.js';
import { askingMessages, MAX_QUESTION_CHARACTERS } from './prompt.js';

const TOO_LONG: NonNullable<CellResult['reason']> = {
  code: 'ai_prompt_too_long',
  message:
    `With the values of this row the prompt is over ${MAX_QUESTION_CHARACTERS.toLocaleString('en-US')} characters long. ` +
    'Take a column out of it, or shorten what the row holds there.',
};

type PageUse = Pick<PageContext, 'page' | 'call' | 'settle'>;

/** Makes the handler of a page: one call per cell, one cell of a row after the other. */
export function fillAi({ page, call, settle }: PageUse, provider: AiProvider): ChunkHandler {
  const columns = new Map(page.columns.map((column) => [column.columnId, aiColumn(column)]));

  const answer = async (row: OpenRow, column: AiColumn): Promise<CellEnd> => {
    const { prompt, references } = column;
    const missing = missingInputs(row, references, page);
    if (missing !== undefined) return missing;
    const messages = askingMessages(prompt, { inputs: row.inputs, titles: page.references, references });
    if (messages === undefined) return { status: 'error', reason: TOO_LONG };
    return new CellInquiry(provider, call, column).answer(messages);
  };

  return async (rows) => {
    for (const row of rows) {
      for (const columnId of row.columnIds) {
        const column = columns.get(columnId);
        // A column that the page does not have cannot be settled either.
        if (column === undefined) continue;
        const end = 'reason' in column ? { status: 'error' as const, ...column } : await answer(row, column);
        settle([{ rowId: row.rowId, columnId, ...end }]);
      }
    }
  };
}
