import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StageOutline } from '../activities/job.activities.js';
import { segmentsOf } from './segments.js';

const stage = (firstPage: number, pages: number, steps: number): StageOutline => ({
  ...{ stageNo: 0, firstPage, pages },
  steps: Array.from({ length: steps }, (_, stepNo) => ({
    stepNo,
    dependsOn: [],
    service: 'enrich',
    taskQueue: 'enrich',
  })),
});

describe('segments', () => {
  test('of a stage that one history carries are that stage itself, and none where it has no pages', () => {
    expect(segmentsOf(stage(0, 200, 1))).toEqual([{ segment: 0, fromPage: 0, toPage: 200 }]);
    expect(segmentsOf(stage(0, 0, 1))).toEqual([]);
  });

  test('follow each other without gap or overlap, none heavier than 400 pages × (steps + 1), all with a number of their own', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 50 }),
        (first, pages, steps) => {
          const segments = segmentsOf(stage(first, pages, steps));
          expect(segments.flatMap(({ fromPage, toPage }) => [fromPage, toPage])).toEqual([
            first,
            ...segments.slice(1).flatMap(({ fromPage }) => [fromPage, fromPage]),
            first + pages,
          ]);
          for (const { fromPage, toPage } of segments)
            expect((toPage - fromPage) * (steps + 1)).toBeLessThanOrEqual(400);
          expect(new Set(segments.map(({ segment }) => segment)).size).toBe(segments.length);
        },
      ),
    );
  });
});
