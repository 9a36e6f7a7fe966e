/** Thousands separated, so that 100000 credits are read at a glance. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** From milliseconds: `850 ms`, `12.3 s`, `4 min 10 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** A moment on the clock of this machine: `2026-11-22 20:41:45`. */
export function formatTime(moment: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Date(moment).toLocaleString('sv-SE');
}

/** One short line out of whatever a cell or an attribute holds. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
