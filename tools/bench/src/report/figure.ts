import type { BenchStack } from '../stack/bench-stack.js';
import type { Summary } from './statistics.js';

/** One line of the report: what was measured, and what it should be. */
export interface Result {
  readonly what: string;
  /** As in `≤ 250 ms`; absent for what is only told. */
  readonly goal?: Goal;
  readonly summary: Summary;
  readonly unit: string;
  /** The value that the goal is held against; the median unless a figure says otherwise. */
  readonly judged?: number;
}

export interface Goal {
  readonly limit: number;
  readonly better: 'higher' | 'lower';
}

export interface Measurement {
  readonly results: readonly Result[];
  /** Sentences about how it came to be: sizes, settings, where the time went. */
  readonly notes: readonly string[];
}

/** A sub-command of the benchmark. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What is measured, and against what. */
  readonly how: string;
  /** Variables that its stack has besides those of all figures. */
  readonly settings?: Readonly<Record<string, string>>;
  measure(stack: BenchStack, options: MeasureOptions): Promise<Measurement>;
}

export interface MeasureOptions {
  /** Instead of the figure's own number of tries. */
  readonly tries: number | undefined;
  readonly say: (line: string) => void;
}

/** Whether a result reaches its goal; undefined where it has none. */
export function reachesGoal({ goal, judged, summary }: Result): boolean | undefined {
  if (!goal) return undefined;
  const value = judged ?? summary.median;
  return goal.better === 'higher' ? value >= goal.limit : value <= goal.limit;
}

/** What one figure found. */
export interface Finding {
  readonly figure: Figure;
  readonly measurement: Measurement;
  /** Share of the machine's cores that other programs took meanwhile; undefined where the system does not say. */
  readonly foreignShare: number | undefined;
}

export const missesGoal = ({ measurement }: Finding): boolean =>
  measurement.results.some((result) => reachesGoal(result) === false);
