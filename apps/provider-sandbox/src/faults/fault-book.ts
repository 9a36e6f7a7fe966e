import { Dice } from '../data/dice.js';
import type { ProviderName } from '../providers/provider-api.js';
import type { Fault, FaultOf } from './fault.js';

/** What hits one call: extra time, and at most one other fault. */
export interface Draw {
  readonly delayMs: number;
  readonly fault?: Exclude<Fault, FaultOf<'latency'>>;
}

/** A fault as set, with the number of calls it has hit: a test whose fault never hit has shown nothing. */
export type FaultReport = Fault & { readonly hits: number };

interface Entry {
  readonly fault: Fault;
  draws: number;
  hits: number;
}

/** The faults in force, in the order given; the first that hits wins, delays add up. */
export class FaultBook {
  private entries: Entry[] = [];
  private dice = new Dice('');

  /** The same seed, faults and order of calls give the same hits. */
  replace(faults: readonly Fault[], seed: string): void {
    this.dice = new Dice(seed, 'faults');
    this.entries = faults.map((fault) => ({ fault, draws: 0, hits: 0 }));
  }

  report(): readonly FaultReport[] {
    return this.entries.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  draw(provider: ProviderName, route: string): Draw {
    let delayMs = 0;
    for (const [index, entry] of this.entries.entries()) {
      if (!concerns(entry.fault, provider, route) || !this.hits(entry, index)) continue;
      entry.hits += 1;
      if (entry.fault.fault !== 'latency') return { delayMs, fault: entry.fault };
      delayMs += entry.fault.params.ms;
    }
    return { delayMs };
  }

  private hits(entry: Entry, index: number): boolean {
    const { times, probability } = entry.fault;
    if (times !== undefined && entry.hits >= times) return false;
    return this.dice.fraction(`${index}:${entry.draws++}`) < probability;
  }
}

function concerns(fault: Fault, provider: ProviderName, route: string): boolean {
  return fault.provider === provider && (fault.route === undefined || routePath(fault.route) === route);
}

/** `POST /v3/x` and `/v3/x` name the same route. */
export function routePath(route: string): string {
  return route.replace(/^POST /, '');
}
