import { columnsOf, type RunRecord } from '../campaign/results-file.js';
import { STEPS } from '../plan/run-plan.js';
import { wasHit } from '../runs/run-result.js';

/** What many runs come to. */
export interface Tally {
  /** Runs with a hit: the others show nothing. */
  readonly runs: number;
  readonly withoutHit: number;
  readonly builds: readonly string[];
  /** Runs by seed and by what the lists held. */
  readonly seeds: readonly { readonly seed: string; readonly runs: number }[];
  /** By fault, such as `kill billing`; the counts by step in the order of {@link STEPS}. */
  readonly faults: readonly {
    readonly fault: string;
    readonly hits: readonly number[];
    readonly total: number;
    readonly missed: number;
  }[];
  /** Jobs by their final state. */
  readonly states: readonly { readonly state: string; readonly jobs: number }[];
  readonly violations: readonly { readonly run: string; readonly law: string; readonly detail: string }[];
  /** Milliseconds from the healing to the last final job, of runs where a job was not final before. */
  readonly healing: { readonly median: number; readonly highest: number };
}

/** A job that is final when it is first asked after the healing answers within this. */
const FINAL_BEFORE_MS = 50;

/** Adds runs up. */
export function tally(records: readonly RunRecord[]): Tally {
  const counted = records.filter(wasHit);
  const waits = counted.map(({ msFromHealedToFinal }) => msFromHealedToFinal).filter((ms) => ms > FINAL_BEFORE_MS);
  return {
    runs: counted.length,
    withoutHit: records.length - counted.length,
    builds: [...new Set(counted.map(({ build }) => build))],
    seeds: countBy(counted, (record) => `${record.seed} with ${columnsOf(record)} columns`).map(([seed, runs]) => ({
      seed,
      runs,
    })),
    faults: tallyFaults(records),
    states: countBy(
      counted.flatMap(({ jobs }) => jobs),
      ({ state }) => state,
    ).map(([state, jobs]) => ({ state, jobs })),
    violations: records.flatMap(({ name, violations }) =>
      violations.map(({ law, detail }) => ({ run: name, law, detail })),
    ),
    healing: { median: median(waits), highest: Math.max(0, ...waits) },
  };
}

function tallyFaults(records: readonly RunRecord[]): Tally['faults'] {
  const named = records
    .flatMap(({ faults }) => faults)
    .map((result) => ({
      ...result,
      name: 'target' in result.fault ? `${result.fault.kind} ${result.fault.target}` : result.fault.kind,
    }));
  return [...new Set(named.map(({ name }) => name))].sort().map((fault) => {
    const same = named.filter(({ name }) => name === fault);
    const hits = STEPS.map((step) => same.filter((result) => result.hit && result.step === step).length);
    return { fault, hits, total: same.filter(({ hit }) => hit).length, missed: same.filter(({ hit }) => !hit).length };
  });
}

function countBy<T, Key>(items: readonly T[], keyOf: (item: T) => Key): [Key, number][] {
  const counts = new Map<Key, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts];
}

/** The middle one; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}
