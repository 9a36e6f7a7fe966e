import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ColumnSet } from '../plan/columns.js';
import type { RunResult } from '../runs/run-result.js';

/** One run of a campaign, as a line of the results file. */
export interface RunRecord extends RunResult {
  readonly seed: number;
  /** What the lists held. */
  readonly columns?: ColumnSet;
  readonly run: number;
  /** Commit that was tried, with `+` where the tree had changes on top of it. */
  readonly build: string;
  readonly at: string;
}

/** Records of before there was a choice are of columns of data. */
export const columnsOf = ({ columns = 'data' }: Pick<RunRecord, 'columns'>): ColumnSet => columns;

/** The results of all campaigns in one folder: JSON lines, appended after each run, so that an interrupted campaign goes on. */
export class ResultsFile {
  constructor(private readonly path: string) {}

  read(): RunRecord[] {
    if (!existsSync(this.path)) return [];
    return readFileSync(this.path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunRecord);
  }

  append(record: RunRecord): void {
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, `${JSON.stringify(record)}\n`);
  }
}
