import { z } from 'zod';

const plannedColumn = z.object({
  id: z.string(),
  name: z.string(),
  serviceId: z.string(),
  config: z.record(z.string(), z.json()),
  /** What the config names, by reference, with its title at that time. */
  references: z.record(z.string(), z.string()),
  /** The columns among these. */
  dependsOn: z.array(z.string()),
  /** Credits per filled cell, as it was when the job was accepted. */
  price: z.number().int().nonnegative(),
});
export type PlannedColumn = z.infer<typeof plannedColumn>;

const plannedStep = z.object({
  /** Position in the stage, counted from 0; a step depends on earlier ones only. */
  stepNo: z.number().int(),
  serviceId: z.string(),
  taskQueue: z.string(),
  /** What rows arrive with: what identifies them, or what the configs name. */
  inputs: z.enum(['identity', 'references']),
  /** Steps that must be done on a page before this one begins there. */
  dependsOn: z.array(z.number().int()),
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
  version: z.literal(2),
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

/**
 * The first page is small so that the user sees values at once; a page costs the same whatever its size, so the rest are large.
 * That of a large job gives its services enough to do until the second one is open.
 */
const PAGE_ROWS = { first: 20, others: 500 };
const PAGE_ROWS_OF_A_LARGE_JOB = { first: 200, others: 1_000 };
const LARGE_JOB_ROWS = 5_000;
/** A page is one capture, and billing takes at most so many lines in one. */
const MAX_CELLS_PER_PAGE = 10_000;

export interface PlanColumn extends PlannedColumn {
  readonly taskQueue: string;
  readonly inputs: PlannedStep['inputs'];
  readonly maxPageRows: number | null;
}

/** Groups the columns into steps and cuts `rows` positions into pages. */
export function planStages(columns: readonly PlanColumn[], rows: number): PlannedStage[] {
  const steps = planSteps(columns);
  const limits = columns.flatMap(({ maxPageRows }) => (maxPageRows === null ? [] : [maxPageRows]));
  const fitting = Math.max(1, Math.floor(MAX_CELLS_PER_PAGE / Math.max(1, columns.length)));
  const wanted = rows > LARGE_JOB_ROWS ? PAGE_ROWS_OF_A_LARGE_JOB : PAGE_ROWS;
  const pageRows = Math.min(wanted.others, fitting, ...limits);
  const firstPageRows = Math.min(wanted.first, pageRows);
  const pages = rows <= firstPageRows ? Math.min(rows, 1) : 1 + Math.ceil((rows - firstPageRows) / pageRows);
  return [{ stageNo: 0, firstPage: 0, pages, firstPageRows, pageRows, steps }];
}

/**
 * One step per service and set of steps that its columns wait for: one look-up serves all columns of a row, and no column waits
 * for a service that it does not depend on. A column outside the job is waited for by nobody.
 */
function planSteps(columns: readonly PlanColumn[]): PlannedStep[] {
  const steps = new Map<string, PlannedStep>();
  const stepOf = new Map<string, PlannedStep>();
  for (const { id, serviceId, taskQueue, inputs, dependsOn } of inDependencyOrder(columns)) {
    const waitsFor = [...new Set(dependsOn.flatMap((input) => stepOf.get(input)?.stepNo ?? []))].sort((a, b) => a - b);
    const key = `${serviceId}:${waitsFor.join()}`;
    const step = steps.get(key) ?? {
      ...{ stepNo: steps.size, serviceId, taskQueue, inputs, dependsOn: waitsFor, columnIds: [] },
    };
    step.columnIds.push(id);
    steps.set(key, step);
    stepOf.set(id, step);
  }
  return [...steps.values()];
}

/** Each column after those of the job that it depends on, otherwise in the order of the request. */
function inDependencyOrder(columns: readonly PlanColumn[]): PlanColumn[] {
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
  return [...columns].sort((a, b) => levelOf(a) - levelOf(b));
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

/** A step and its columns, in the order of the request; undefined where the stage has none of that number. */
export function stepOfStage(
  planned: Plan,
  wanted: { readonly stageNo: number; readonly stepNo: number },
): { step: PlannedStep; columns: PlannedColumn[] } | undefined {
  const stage = planned.stages.find(({ stageNo }) => stageNo === wanted.stageNo);
  const step = stage?.steps.find(({ stepNo }) => stepNo === wanted.stepNo);
  return step && { step, columns: planned.columns.filter(({ id }) => step.columnIds.includes(id)) };
}

/** The columns a stage fills, in the order of the request. */
export function columnsOfStage(planned: Plan, stage: PlannedStage): PlannedColumn[] {
  const ids = new Set(stage.steps.flatMap(({ columnIds }) => columnIds));
  return planned.columns.filter(({ id }) => ids.has(id));
}
