/** How much of its limit an account has used. Counts stand for the running minute, hour and day. */
export interface Usage {
  readonly admitted: boolean;
  /** Null when the limit is lifted. */
  readonly requestsPerSecond: number | null;
  /** The sliding window: `used` of `limit` calls within the last `ms`. */
  readonly window: { readonly limit: number; readonly used: number; readonly ms: number };
  /** When the window has room again; 0 when it has. */
  readonly roomInMs: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
}

const COUNTERS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A sliding window: in no window are more calls admitted than the limit says. Refused calls do not count. */
export class RateLimiter {
  private requestsPerSecond: number | null;
  private readonly windowMs: number;
  private admittedAt: number[] = [];
  private readonly counters = new Map<string, { window: number; count: number }>();

  constructor(requestsPerSecond: number | null, windowMs = 1_000) {
    this.requestsPerSecond = requestsPerSecond;
    this.windowMs = windowMs;
  }

  /** @param requestsPerSecond less than one call per window means one call in a longer one; null lifts the limit. */
  setLimit(requestsPerSecond: number | null): void {
    this.requestsPerSecond = requestsPerSecond;
  }

  admit(nowMs: number): Usage {
    const { requestsPerSecond } = this;
    const window = this.window();
    this.admittedAt = this.admittedAt.filter((at) => at > nowMs - window.ms);
    const admitted = requestsPerSecond === null || this.admittedAt.length < window.limit;
    if (admitted && requestsPerSecond !== null) this.admittedAt.push(nowMs);
    const used = this.admittedAt.length;
    const count = (name: keyof typeof COUNTERS_MS): number => this.count(name, nowMs, admitted ? 1 : 0);
    return {
      admitted,
      requestsPerSecond,
      window: { ...window, used },
      roomInMs:
        requestsPerSecond === null || used < window.limit ? 0 : (this.admittedAt[0] ?? nowMs) + window.ms - nowMs,
      minute: count('minute'),
      hour: count('hour'),
      day: count('day'),
    };
  }

  private window(): { limit: number; ms: number } {
    const limit = Math.floor(((this.requestsPerSecond ?? 0) * this.windowMs) / 1_000);
    return limit >= 1 || this.requestsPerSecond === null
      ? { limit, ms: this.windowMs }
      : { limit: 1, ms: 1_000 / this.requestsPerSecond };
  }

  private count(name: keyof typeof COUNTERS_MS, nowMs: number, add: number): number {
    const window = Math.floor(nowMs / COUNTERS_MS[name]);
    const before = this.counters.get(name);
    const count = (before?.window === window ? before.count : 0) + add;
    this.counters.set(name, { window, count });
    return count;
  }
}
