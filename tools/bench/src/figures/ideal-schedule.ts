/**
 * The shortest time in which rows can be looked up when so many calls may run at a time. The calls of one row follow each
 * other (the next provider is asked only when the one before did not know), rows are independent.
 *
 * Whoever has the most calls left goes first. For calls of one length that is optimal (Hu's algorithm on chains), so no
 * schedule at all is shorter.
 *
 * @param callsOfRows number of calls that each row took.
 * @returns in ms.
 */
export function idealScheduleMs(callsOfRows: readonly number[], lanes: number, callMs: number): number {
  const longest = Math.max(0, ...callsOfRows);
  // rowsLeft[n] rows have n calls to go.
  const rowsLeft = new Array<number>(longest + 1).fill(0);
  for (const calls of callsOfRows) rowsLeft[calls] = (rowsLeft[calls] ?? 0) + 1;
  let rounds = 0;
  for (; rowsLeft.slice(1).some((rows) => rows > 0); rounds++) {
    let free = lanes;
    const served: number[] = [];
    for (let calls = longest; calls > 0 && free > 0; calls--) {
      const now = Math.min(free, rowsLeft[calls] ?? 0);
      served[calls] = now;
      free -= now;
    }
    served.forEach((now, calls) => {
      rowsLeft[calls] = (rowsLeft[calls] ?? 0) - now;
      rowsLeft[calls - 1] = (rowsLeft[calls - 1] ?? 0) + now;
    });
  }
  return rounds * callMs;
}

/**
 * How many calls of one length ran side by side at the busiest moment.
 *
 * @param startsMs when each call began.
 */
export function mostAtATime(startsMs: readonly number[], callMs: number): number {
  const sorted = [...startsMs].sort((a, b) => a - b);
  let ended = 0;
  return sorted.reduce((most, start, begun) => {
    while ((sorted[ended] ?? start) + callMs <= start) ended += 1;
    return Math.max(most, begun + 1 - ended);
  }, 0);
}
