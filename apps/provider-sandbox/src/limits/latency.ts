/** How long a provider takes, in ms: the median and what 99 of 100 calls stay below. */
export interface LatencyProfile {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** About what such APIs take; enough to see a grid fill. */
export const DEFAULT_LATENCY: LatencyProfile = { p50Ms: 300, p99Ms: 1_200 };

/** 99th percentile of the standard normal distribution. */
const Z_99 = 2.326;

/** One draw from the log-normal distribution that has these percentiles. */
export function drawLatencyMs({ p50Ms, p99Ms }: LatencyProfile): number {
  if (p50Ms === 0) return 0;
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return p50Ms * Math.exp((normal * Math.log(p99Ms / p50Ms)) / Z_99);
}
