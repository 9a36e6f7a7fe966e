import { z } from 'zod';

const plannedColumn = z.object({
  id: z.string(),
  name: z.string(),
  serviceId: z.string(),
  config: z.record(z.string(), z.json()),
  /** Credits per filled cell, as it was when the job was accepted. */
  price: z.number().int().nonnegative(),
});
export type PlannedColumn = z.infer<typeof plannedColumn>;

const plannedStep = z.object({
  stepNo: z.number().int(),
  /** Steps of one level run side by side; a level starts when the one before it is done. */
  level: z.number().int(),
  serviceId: z.string(),
  taskQueue: z.string(),
  columnIds: z.array(z.string()),
});
export type PlannedStep = z.infer<typeof plannedStep>;

const plannedStage = z.object({
  stageNo: z.number().int(),
  firstPage: z.number().int(),
  pages: z.number().int(),
  firstPageRows: z.number().int(),
  pageRows: z.number().int(),
  steps: z.array(plannedStep),
});
export type PlannedStage = z.infer<typeof plannedStage>;

/** What a job will do, pinned when it is accepted: later edits of a column, a price or a contract change the next job. */
export const plan = z.object({
  version: z.literal(1),
  entityType: z.enum(['company', 'contact']),
  identity: z.record(z.string(), z.string()),
  scope: z.enum(['all', 'missing', 'rows']),
  overwriteEdits: z.boolean(),
  columns: z.array(plannedColumn),
  /** Highest row number of the list at that time: rows added later belong to the next job. */
  lastRowNo: z.number().int(),
  /** Scope `rows`: the row numbers, ascending. */
  rowNos: z.array(z.number().int()).optional(),
  stages: z.array(plannedStage),
});
export type Plan = z.infer<typeof plan>;

/** The first page is small so that the user sees values at once; a page costs the same whatever its size, so the rest are large. */
const FIRST_PAGE_ROWS = 20;
const PAGE_ROWS = 500;
const PAGE_ROWS_OF_A_LARGE_JOB = 1_000;
const LARGE_JOB_ROWS = 5_000;
/** A page is one capture, and billing takes at most so many lines in one. */
const MAX_CELLS_PER_PAGE = 10_000;

export interface PlanColumn extends PlannedColumn {
  readonly dependsOn: readonly string[];
  readonly taskQueue: string;
  readonly maxPageRows: number | null;
}

/** Groups the columns into steps (one service, one dependency level) and cuts `rows` positions into pages. */
export function planStages(columns: readonly PlanColumn[], rows: number): PlannedStage[] {
  const steps = planSteps(columns);
  const limits = columns.flatMap(({ maxPageRows }) => (maxPageRows === null ? [] : [maxPageRows]));
  const fitting = Math.max(1, Math.floor(MAX_CELLS_PER_PAGE / Math.max(1, columns.length)));
  const pageRows = Math.min(rows > LARGE_JOB_ROWS ? PAGE_ROWS_OF_A_LARGE_JOB : PAGE_ROWS, fitting, ...limits);
  const firstPageRows = Math.min(FIRST_PAGE_ROWS, pageRows);
  const pages = rows <= firstPageRows ? Math.min(rows, 1) : 1 + Math.ceil((rows - firstPageRows) / pageRows);
  return [{ stageNo: 0, firstPage: 0, pages, firstPageRows, pageRows, steps }];
}

function planSteps(columns: readonly PlanColumn[]): PlannedStep[] {
  const levels = dependencyLevels(columns);
  const steps = new Map<string, PlannedStep>();
  const inOrder = [...columns].sort((a, b) => (levels.get(a.id) ?? 0) - (levels.get(b.id) ?? 0));
  for (const { id, serviceId, taskQueue } of inOrder) {
    const level = levels.get(id) ?? 0;
    const key = `${level}:${serviceId}`;
    const step = steps.get(key) ?? { stepNo: steps.size, level, serviceId, taskQueue, columnIds: [] };
    step.columnIds.push(id);
    steps.set(key, step);
  }
  return [...steps.values()];
}

/** Level of each column: 0 without dependencies inside the job, else one above the highest of them. */
function dependencyLevels(columns: readonly PlanColumn[]): Map<string, number> {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const levels = new Map<string, number>();
  const levelOf = (column: PlanColumn): number => {
    const known = levels.get(column.id);
    if (known !== undefined) return known;
    const inside = column.dependsOn.flatMap((id) => byId.get(id) ?? []);
    const level = inside.length === 0 ? 0 : 1 + Math.max(...inside.map(levelOf));
    levels.set(column.id, level);
    return level;
  };
  for (const column of columns) levelOf(column);
  return levels;
}

/** The positions (1-based, inclusive) that a page covers within its stage. */
export function pagePositions(stage: PlannedStage, pageNo: number): { from: number; to: number } {
  const index = pageNo - stage.firstPage;
  if (index === 0) return { from: 1, to: stage.firstPageRows };
  const from = stage.firstPageRows + (index - 1) * stage.pageRows + 1;
  return { from, to: from + stage.pageRows - 1 };
}

/** The rows that a page covers: a range of row numbers and, for chosen rows, the numbers themselves. */
export function pageRowNos(planned: Plan, stage: PlannedStage, pageNo: number): RowRange {
  const { from, to } = pagePositions(stage, pageNo);
  if (!planned.rowNos) return { from, to: Math.min(to, planned.lastRowNo) };
  const chosen = planned.rowNos.slice(from - 1, to);
  return { from: chosen[0] ?? 0, to: chosen.at(-1) ?? 0, chosen };
}

export interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly chosen?: readonly number[];
}

/** The stage that a page belongs to; page numbers are unique over the job. */
export function stageOfPage(planned: Plan, pageNo: number): PlannedStage {
  const stage = planned.stages.find(({ firstPage, pages }) => pageNo >= firstPage && pageNo < firstPage + pages);
  if (!stage) throw new Error(`The plan has no page ${pageNo}`);
  return stage;
}

/** The columns a stage fills, in the order of the request. */
export function columnsOfStage(planned: Plan, stage: PlannedStage): PlannedColumn[] {
  const ids = new Set(stage.steps.flatMap(({ columnIds }) => columnIds));
  return planned.columns.filter(({ id }) => ids.has(id));
}
