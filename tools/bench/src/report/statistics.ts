/** What several tries of one measurement say together. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly tries: number;
}

/**
 * The value below which a share of the values lies, by linear interpolation between the two nearest.
 *
 * @param share from 0 to 1.
 * @throws for no values at all.
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is no quantile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function summarize(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), tries: values.length };
}
