import type { CsvLine } from './csv-lines.js';
import { MAX_LINE_CHARS } from './csv-lines.js';
import { CsvRecordParser } from './csv-record.js';

export type CsvItem =
  | { readonly line: number; readonly fields: readonly string[] }
  /** `text` is the line that the broken record begins with. */
  | { readonly line: number; readonly reason: string; readonly text: string };

/**
 * Reads records from lines; blank lines are passed over. A broken record costs the line it begins with: reading goes on
 * with the line after that one, so a quote that is never closed does not swallow the rest of the file.
 */
export async function* csvRecords(lines: AsyncIterable<CsvLine>): AsyncGenerator<CsvItem> {
  const source = lines[Symbol.asyncIterator]();
  let again: CsvLine[] = [];
  let taken = 0;
  const next = async (): Promise<CsvLine | undefined> => {
    const line = again[taken];
    if (line) {
      taken += 1;
      return line;
    }
    const read = await source.next();
    return read.done ? undefined : read.value;
  };
  for (let first = await next(); first !== undefined; first = await next()) {
    if (first.text.trim() === '') continue;
    const parser = new CsvRecordParser();
    let progress = parser.feed(first.text);
    const more: CsvLine[] = [];
    let size = first.text.length;
    while (progress === 'open' && size <= MAX_LINE_CHARS) {
      const line = await next();
      if (!line) break;
      more.push(line);
      size += line.text.length;
      progress = parser.feed(line.text);
    }
    if (progress === 'complete') {
      yield { line: first.no, fields: parser.fields };
      continue;
    }
    const reason = progress === 'open' ? 'A quote is never closed' : 'Text follows a closing quote';
    yield { line: first.no, reason, text: first.text };
    again = more.concat(again.slice(taken));
    taken = 0;
  }
}
