import type { StageOutline } from '../activities/job.activities.js';

/** Pages × (steps + 1) that one history carries. */
const SEGMENT_WEIGHT = 400;

export interface Segment {
  /** Unique over the job: the number of its first page. */
  readonly segment: number;
  readonly fromPage: number;
  readonly toPage: number;
}

/** Cuts a stage into slices of at most {@link SEGMENT_WEIGHT}; none when it has no pages. */
export function segmentsOf(stage: StageOutline): Segment[] {
  const size = Math.max(1, Math.floor(SEGMENT_WEIGHT / (stage.steps.length + 1)));
  const end = stage.firstPage + stage.pages;
  const segments: Segment[] = [];
  for (let fromPage = stage.firstPage; fromPage < end; fromPage += size) {
    segments.push({ segment: fromPage, fromPage, toPage: Math.min(fromPage + size, end) });
  }
  return segments;
}
