import { tooLarge } from '../../problems/problem.error.js';

export const MAX_LINE_CHARS = 1024 * 1024;

/** CR alone is what spreadsheets write under "CSV (Macintosh)". */
const LINE_END = /\r\n|\n|\r/;

export interface CsvLine {
  /** From 1. */
  readonly no: number;
  readonly text: string;
}

/**
 * Cuts a byte stream into lines, whichever way each ends, holding no more than one line and one chunk. A byte order mark
 * is dropped; bytes that are no UTF-8 become U+FFFD, which the reader of records refuses.
 * @throws ProblemError 413 `line_too_large`
 */
export async function* csvLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let no = 0;
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    // A CR at the end may be the first half of a CR LF.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(LINE_END);
    rest = (lines.pop() ?? '') + text.slice(end);
    for (const line of lines) yield { no: (no += 1), text: checked(line, no) };
    checked(rest, no + 1);
  }
  rest += decoder.decode();
  if (rest !== '') yield { no: no + 1, text: checked(rest, no + 1) };
}

function checked(line: string, no: number): string {
  if (line.length > MAX_LINE_CHARS) throw tooLarge('line_too_large', `Line ${no} has more than 1 MiB.`);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
