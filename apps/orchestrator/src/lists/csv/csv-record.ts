/** What a line did to the record that is being read. */
export type RecordProgress = 'complete' | 'open' | 'broken';

/**
 * Reads one record (RFC 4180) line by line: a quoted field may go on over several lines. Written by hand because the
 * parsers at hand lose the lines after a broken one, and here a broken line must cost that line only.
 */
export class CsvRecordParser {
  readonly fields: string[] = [];
  #field = '';
  #quoted = false;

  /** Takes the next line; `open` means that a quote is still open at its end. */
  feed(line: string): RecordProgress {
    if (this.#quoted) this.#field += '\n';
    else if (!line.includes('"')) {
      this.fields.push(...line.split(','));
      return 'complete';
    }
    let at = 0;
    for (;;) {
      if (!this.#quoted && this.#field === '' && line[at] === '"') {
        this.#quoted = true;
        at += 1;
      }
      if (this.#quoted) {
        const end = this.#readQuoted(line, at);
        if (end === undefined) return 'open';
        if (end < line.length && line[end] !== ',') return 'broken';
        at = end;
      } else {
        const comma = line.indexOf(',', at);
        const end = comma === -1 ? line.length : comma;
        this.#field = line.slice(at, end);
        at = end;
      }
      this.fields.push(this.#field);
      this.#field = '';
      if (at >= line.length) return 'complete';
      at += 1;
    }
  }

  /** Reads on inside quotes; the place after the closing quote, or undefined when the line ends before it. */
  #readQuoted(line: string, from: number): number | undefined {
    let at = from;
    for (;;) {
      const quote = line.indexOf('"', at);
      if (quote === -1) {
        this.#field += line.slice(at);
        return undefined;
      }
      this.#field += line.slice(at, quote);
      if (line[quote + 1] !== '"') {
        this.#quoted = false;
        return quote + 1;
      }
      this.#field += '"';
      at = quote + 2;
    }
  }
}
