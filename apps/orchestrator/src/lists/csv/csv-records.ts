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
  const source = new LineSource(lines);
  try {
    for (let first = await source.next(); first !== undefined; first = await source.next()) {
      if (first.text.trim() !== '') yield await readRecord(first, source);
    }
  } finally {
    await source.close();
  }
}

async function readRecord(first: CsvLine, source: LineSource): Promise<CsvItem> {
  const parser = new CsvRecordParser();
  let progress = parser.feed(first.text);
  const more: CsvLine[] = [];
  let size = first.text.length;
  while (progress === 'open' && size <= MAX_LINE_CHARS) {
    const line = await source.next();
    if (!line) break;
    more.push(line);
    size += line.text.length;
    progress = parser.feed(line.text);
  }
  if (progress === 'complete') return { line: first.no, fields: parser.fields };
  source.putBack(more);
  const reason = progress === 'open' ? 'A quote is never closed' : 'Text follows a closing quote';
  return { line: first.no, reason, text: first.text };
}

/** Lines one by one, some of them twice. */
class LineSource {
  readonly #lines: AsyncIterator<CsvLine>;
  #again: readonly CsvLine[] = [];
  #taken = 0;

  constructor(lines: AsyncIterable<CsvLine>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async next(): Promise<CsvLine | undefined> {
    const line = this.#again[this.#taken];
    if (line) {
      this.#taken += 1;
      return line;
    }
    const read = await this.#lines.next();
    return read.done ? undefined : read.value;
  }

  putBack(lines: readonly CsvLine[]): void {
    if (lines.length === 0) return;
    this.#again = lines.concat(this.#again.slice(this.#taken));
    this.#taken = 0;
  }

  /** Lets go of what the lines come from. */
  async close(): Promise<void> {
    await this.#lines.return?.();
  }
}
