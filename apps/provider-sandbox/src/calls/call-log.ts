import {
  closeSync,
  createReadStream,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** One look-up of one call; the items of a bulk call share `callId`. */
export interface CallRecord {
  /** Ascending without a gap, over restarts too. */
  readonly seq: number;
  /** When the call arrived, ISO 8601, by the sandbox's clock. */
  readonly at: string;
  readonly callId: string;
  readonly provider: string;
  readonly method: string;
  readonly route: string;
  /** Normalised lookup key; null when the body could not be read. */
  readonly key: string | null;
  readonly idempotencyKey: string | null;
  /** True when the provider would bill this item; at a CRM, which bills no calls, when the write was carried out. */
  readonly billable: boolean;
  /** HTTP status of the call; 0 when it was left without an answer. */
  readonly status: number;
  /** The fault that hit the call, if one did. */
  readonly fault?: string;
  /** For so long the sandbox had stood still when it read the call, in ms: the call may have come so much earlier. */
  readonly stoodStillMs?: number;
  /** The record of the CRM that the item wrote to. */
  readonly recordId?: string;
  /** `created`, `updated`, `unchanged` or `archived`. */
  readonly effect?: string;
}

const INDEX_EVERY_LINES = 1_000;
const READ_BYTES = 1024 * 1024;
const NEWLINE = 10;

/**
 * JSONL file, one record a line, `seq` = line number. A record is handed to the kernel before its call is answered, so it
 * survives a `kill -9` of the sandbox; a line torn by a crash of the machine is dropped at the next start.
 */
export class CallLog {
  private readonly file: string;
  private readonly descriptor: number;
  private lines = 0;
  private bytes = 0;
  /** Where line n × {@link INDEX_EVERY_LINES} begins, so that reading the tail of a long log stays cheap. */
  private readonly offsets: number[] = [0];

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.descriptor = openSync(file, 'a+');
    this.scan();
  }

  /** Writes the items of one call in one system call. */
  append(items: readonly Omit<CallRecord, 'seq'>[]): void {
    const written = items.map((item, index) => `${JSON.stringify({ seq: this.lines + index + 1, ...item })}\n`);
    writeSync(this.descriptor, written.join(''));
    for (const line of written) this.countLine(Buffer.byteLength(line));
  }

  /** Up to `limit` records after `seq`, oldest first. */
  async since(seq: number, limit: number): Promise<readonly CallRecord[]> {
    const block = Math.min(Math.floor(seq / INDEX_EVERY_LINES), this.offsets.length - 1);
    const start = this.offsets[block] ?? 0;
    if (seq >= this.lines || start >= this.bytes) return [];
    // The end is fixed now, so that a line being written is not read by half.
    const lines = createInterface({ input: createReadStream(this.file, { start, end: this.bytes - 1 }) });
    const records: CallRecord[] = [];
    let line = block * INDEX_EVERY_LINES;
    for await (const text of lines) {
      line += 1;
      if (line > seq) records.push(JSON.parse(text) as CallRecord);
      if (records.length >= limit) break;
    }
    return records;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private countLine(size: number): void {
    this.lines += 1;
    this.bytes += size;
    if (this.lines % INDEX_EVERY_LINES === 0) this.offsets.push(this.bytes);
  }

  private scan(): void {
    const buffer = Buffer.alloc(READ_BYTES);
    let lineBytes = 0;
    for (let position = 0; ;) {
      const read = readSync(this.descriptor, buffer, 0, READ_BYTES, position);
      if (read === 0) break;
      position += read;
      for (let index = 0; index < read; index++) {
        lineBytes += 1;
        if (buffer[index] !== NEWLINE) continue;
        this.countLine(lineBytes);
        lineBytes = 0;
      }
    }
    if (fstatSync(this.descriptor).size > this.bytes) ftruncateSync(this.descriptor, this.bytes);
  }
}
