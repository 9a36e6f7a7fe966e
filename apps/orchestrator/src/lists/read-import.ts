import { unprocessable } from '../problems/problem.error.js';
import type { Rejection } from './import.schema.js';
import { MAX_REJECTIONS_SHOWN } from './import.schema.js';
import { csvBytes } from './csv/csv-bytes.js';
import { csvLines } from './csv/csv-lines.js';
import type { CsvItem } from './csv/csv-records.js';
import { csvRecords } from './csv/csv-records.js';
import { MAX_ATTRIBUTES_PER_LIST } from './list.schema.js';
import { MAX_ATTRIBUTE_BYTES } from './row.schema.js';

const MAX_HEADER_CHARS = 200;
/** Stands where bytes were no UTF-8. */
const REPLACEMENT = '\uFFFD';

export interface ImportLine {
  readonly line: number;
  readonly entity: Readonly<Record<string, string>>;
}

/** Entities of a CSV file as they come; what was passed over is counted here. */
export class ImportReader {
  attributes: readonly string[] = [];
  rejectedCount = 0;
  readonly rejected: Rejection[] = [];

  /** @throws ProblemError 413, 422 when the file breaks a limit or has no usable header */
  async *read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
    for await (const item of csvRecords(csvLines(csvBytes(chunks)))) {
      if (this.attributes.length === 0) {
        this.attributes = readHeader(item);
        continue;
      }
      const read = 'reason' in item ? item.reason : readEntity(this.attributes, item.fields, item.line);
      if (typeof read === 'string') this.#reject({ line: item.line, reason: read });
      else yield { line: item.line, entity: read };
    }
    if (this.attributes.length === 0) throw unprocessable('empty_file', '', 'The file has no header line.');
  }

  #reject(rejection: Rejection): void {
    this.rejectedCount += 1;
    if (this.rejected.length < MAX_REJECTIONS_SHOWN) this.rejected.push(rejection);
  }
}

/** Header names become attributes; a column without a name gets its number. */
function readHeader(item: CsvItem): string[] {
  const refuse = (detail: string) => unprocessable('invalid_header', '', `Line ${item.line}: ${detail}`);
  const separator = otherSeparator('reason' in item ? item.text.split(',') : item.fields);
  if (separator !== undefined) {
    const hint = `The header line looks separated by ${separator}. Save the file with commas.`;
    throw unprocessable('csv_delimiter', '', hint);
  }
  if ('reason' in item) throw refuse(item.reason);
  const names = item.fields.map((name, index) => name.trim() || `Column ${index + 1}`);
  if (names.length > MAX_ATTRIBUTES_PER_LIST) {
    throw unprocessable('too_many_columns', '', `A file has at most ${MAX_ATTRIBUTES_PER_LIST} columns.`);
  }
  if (names.some((name) => name.length > MAX_HEADER_CHARS)) throw refuse('A header name is too long.');
  const unusable = names.map(textFault).find((fault) => fault !== undefined);
  if (unusable !== undefined) {
    throw unprocessable('csv_encoding', '', `Line ${item.line}: ${unusable}. Save the file as UTF-8.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw refuse(`The name "${twice}" stands there twice.`);
  return names;
}

/** What separates the names of a header that no comma separates. */
function otherSeparator(fields: readonly string[]): string | undefined {
  const [only = '', ...more] = fields;
  if (more.length > 0) return undefined;
  if (only.includes(';')) return 'semicolons';
  return only.trim().includes('\t') ? 'tabs' : undefined;
}

/** The entity of a line, or why it cannot be one. */
function readEntity(
  attributes: readonly string[],
  fields: readonly string[],
  line: number,
): Record<string, string> | string {
  if (fields.length !== attributes.length) return `Expected ${attributes.length} fields, found ${fields.length}`;
  // Entries, not assignments: a header may name an attribute `__proto__`.
  const entries: [string, string][] = [];
  for (const [index, field] of fields.entries()) {
    const value = field.trim();
    if (value === '') continue;
    const fault = textFault(value);
    if (fault !== undefined) return fault;
    if (value.length * 3 > MAX_ATTRIBUTE_BYTES && Buffer.byteLength(value) > MAX_ATTRIBUTE_BYTES) {
      throw unprocessable('cell_too_large', '', `Line ${line} has a cell of more than 64 KiB.`);
    }
    entries.push([attributes[index] ?? '', value]);
  }
  return entries.length === 0 ? 'The line has no values' : Object.fromEntries(entries);
}

function textFault(text: string): string | undefined {
  if (text.includes('\u0000')) return 'The line has a NUL character';
  return text.includes(REPLACEMENT) ? 'The line is not valid UTF-8' : undefined;
}
