import type { ProviderName } from '../providers/provider-api.js';
import type { Fault, FaultOf } from './fault.js';

/** What hits one call: extra time, and at most one other fault. */
export interface Draw {
  readonly delayMs: number;
  readonly fault?: Exclude<Fault, FaultOf<'latency'>>;
}

/** A fault as set, with the number of calls it has hit: a test whose fault never hit has shown nothing. */
export type FaultReport = Fault & { readonly hits: number };

/** The faults in force, in the order given; the first that hits wins, delays add up. */
export class FaultBook {
  private entries: { readonly fault: Fault; hits: number }[] = [];

  replace(faults: readonly Fault[]): void {
    this.entries = faults.map((fault) => ({ fault, hits: 0 }));
  }

  report(): readonly FaultReport[] {
    return this.entries.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  draw(provider: ProviderName, route: string): Draw {
    let delayMs = 0;
    for (const entry of this.entries) {
      if (!concerns(entry.fault, provider, route) || !hits(entry)) continue;
      entry.hits += 1;
      if (entry.fault.fault !== 'latency') return { delayMs, fault: entry.fault };
      delayMs += entry.fault.params.ms;
    }
    return { delayMs };
  }
}

function concerns(fault: Fault, provider: ProviderName, route: string): boolean {
  return fault.provider === provider && (fault.route === undefined || routePath(fault.route) === route);
}

function hits(entry: { readonly fault: Fault; readonly hits: number }): boolean {
  const left = entry.fault.times === undefined || entry.hits < entry.fault.times;
  return left && Math.random() < entry.fault.probability;
}

/** `POST /v3/x` and `/v3/x` name the same route. */
export function routePath(route: string): string {
  return route.replace(/^POST /, '');
}
