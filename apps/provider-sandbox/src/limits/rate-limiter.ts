/** How much of its limit an account has used. Counts stand for the running minute, hour and day. */
export interface Usage {
  readonly admitted: boolean;
  /** Null when the limit is lifted. */
  readonly requestsPerSecond: number | null;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
}

const WINDOWS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A sliding window: in no second are more calls admitted than the limit says. Refused calls do not count. */
export class RateLimiter {
  private requestsPerSecond: number | null;
  private admittedAt: number[] = [];
  private readonly counters = new Map<string, { window: number; count: number }>();

  constructor(requestsPerSecond: number | null) {
    this.requestsPerSecond = requestsPerSecond;
  }

  /** @param requestsPerSecond below 1 means one call in so many seconds; null lifts the limit. */
  setLimit(requestsPerSecond: number | null): void {
    this.requestsPerSecond = requestsPerSecond;
  }

  get limit(): number | null {
    return this.requestsPerSecond;
  }

  admit(nowMs: number): Usage {
    const admitted = this.hasRoom(nowMs);
    if (admitted && this.requestsPerSecond !== null) this.admittedAt.push(nowMs);
    const count = (name: keyof typeof WINDOWS_MS): number => this.count(name, nowMs, admitted ? 1 : 0);
    const { requestsPerSecond } = this;
    return { admitted, requestsPerSecond, minute: count('minute'), hour: count('hour'), day: count('day') };
  }

  private hasRoom(nowMs: number): boolean {
    if (this.requestsPerSecond === null) return true;
    const windowMs = this.requestsPerSecond >= 1 ? 1_000 : 1_000 / this.requestsPerSecond;
    this.admittedAt = this.admittedAt.filter((at) => at > nowMs - windowMs);
    return this.admittedAt.length < Math.max(1, Math.floor(this.requestsPerSecond));
  }

  private count(name: keyof typeof WINDOWS_MS, nowMs: number, add: number): number {
    const window = Math.floor(nowMs / WINDOWS_MS[name]);
    const before = this.counters.get(name);
    const count = (before?.window === window ? before.count : 0) + add;
    this.counters.set(name, { window, count });
    return count;
  }
}
