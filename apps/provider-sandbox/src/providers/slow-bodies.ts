import type { SandboxClock } from '../calls/sandbox-clock.js';

const DRIPS = 100;
const PADDING = Buffer.alloc(64 * 1024, ' ');

/** `text` in pieces that take `ms` of the sandbox's time altogether. */
export async function* drip(text: string, pace: { clock: SandboxClock; ms: number }): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / DRIPS);
  const pieces = Math.ceil(bytes.length / size);
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
    await pace.clock.sleep(pace.ms / pieces);
  }
}

/** `text` and blanks, which JSON allows after a value, up to `bytes` in all. */
export function* pad(text: string, bytes: number): Generator<Buffer> {
  yield Buffer.from(text);
  for (let left = bytes - Buffer.byteLength(text); left > 0; left -= PADDING.length) {
    yield PADDING.subarray(0, Math.min(left, PADDING.length));
  }
}
