import { z } from 'zod';

/** Limits of the Page API; a request over one of them is refused as a whole. */
export const MAX_RESULTS_PER_CALL = 1_000;
export const MAX_VALUE_BYTES = 64 * 1024;
export const MAX_REASON_LENGTH = 500;

/** What the worker must do now: go on, start no further call until it hears `run`, or stop for good. */
export const controlState = z.enum(['run', 'pause', 'stop']);
export type ControlState = z.infer<typeof controlState>;

/** What a service wants to know again about a row: a provider's id of it, for example. At most 1 KiB as JSON. */
export const rowMemory = z.record(z.string().max(64), z.json());
export type RowMemory = z.infer<typeof rowMemory>;
export const MAX_MEMORY_BYTES = 1_024;

/** A row with the cells of this step that are still open, and the inputs its columns declared. */
export const openRow = z.object({
  rowId: z.string(),
  columnIds: z.array(z.string()),
  /** For `inputs: "identity"`: what `identity` holds. For `references`: the values, by reference; a blank one is absent. */
  inputs: z.record(z.string(), z.json()),
  /** `name`, `domain`, `email` as far as the list's identity names them; a blank one is absent. */
  identity: z.record(z.string(), z.json()).default({}),
  /** What this service remembered for the row, as long as what identifies the row is the same. */
  memory: rowMemory.default({}),
});
export type OpenRow = z.infer<typeof openRow>;

/** `GET /internal/v1/jobs/:jobId/pages/:pageNo/steps/:stepNo?fence=F` */
export const stepPage = z.object({
  control: controlState,
  workspaceId: z.string(),
  entityType: z.enum(['company', 'contact']),
  columns: z.array(z.object({ columnId: z.string(), config: z.record(z.string(), z.json()) })),
  /** Titles of what the configs refer to, for sentences about a row that lacks one. */
  references: z.record(z.string(), z.string()).default({}),
  rows: z.array(openRow),
  /** There are more open rows than one reply takes: read again when these are settled. */
  more: z.boolean().default(false),
});
export type StepPage = z.infer<typeof stepPage>;
/** As the orchestrator sends it: what is empty may be left out. */
export type StepPageSent = z.input<typeof stepPage>;

export const cellResult = z.object({
  rowId: z.string().max(64),
  columnId: z.string().max(64),
  status: z.enum(['filled', 'not_found', 'error', 'skipped']),
  /** Present exactly when `filled`; at most {@link MAX_VALUE_BYTES} as JSON. */
  value: z.json().optional(),
  /** Required for `error` and `skipped`: a code for machines and a sentence for people. No entity data. */
  reason: z.object({ code: z.string().max(64), message: z.string().max(MAX_REASON_LENGTH) }).optional(),
  /** Where the value came from: each provider asked, with outcome and duration in ms. */
  provenance: z.record(z.string(), z.json()).optional(),
});
export type CellResult = z.infer<typeof cellResult>;

/** `POST …/results`: each cell settles once; a repeat is acknowledged and ignored. */
export const settleRequest = z.object({
  fence: z.number().int().nonnegative(),
  results: z.array(cellResult).min(1).max(MAX_RESULTS_PER_CALL),
  /** Kept with the results in one transaction, and given back with the row at its next fill. */
  memories: z
    .array(z.object({ rowId: z.string().max(64), memory: rowMemory }))
    .max(MAX_RESULTS_PER_CALL)
    .optional(),
});
export type SettleRequest = z.infer<typeof settleRequest>;

export const settleReply = z.object({
  settled: z.number().int().nonnegative(),
  ignored: z.number().int().nonnegative(),
  control: controlState,
});
export type SettleReply = z.infer<typeof settleReply>;

/** `POST …/failure`: the details of a page failure, kept in our database; the workflow carries the returned `errorId` only. */
export const failureReport = z.object({
  fence: z.number().int().nonnegative(),
  code: z.string().max(64),
  /** A sentence for people, from the worker's fixed catalogue. */
  message: z.string().max(MAX_REASON_LENGTH),
  provider: z.string().max(64).optional(),
});
export type FailureReport = z.infer<typeof failureReport>;
export const failureReply = z.object({ errorId: z.string() });

/** A lease that was given ahead is worth nothing so long after it was asked for. */
export const LEASE_HELD_MS = 50;

/** `POST /internal/v1/rate-leases`: one token bucket per provider key for all replicas of a service. */
export const rateLeaseRequest = z.object({
  provider: z.string().min(1).max(64),
  /** Names the provider account without being its secret (for example a hash of it). */
  key: z.string().min(1).max(128),
  /** 0 asks for leases ahead alone. */
  want: z.number().int().nonnegative().max(1_000),
  /**
   * Leases beyond `want` for calls that may start within {@link LEASE_HELD_MS}. They come from a bucket that is more than half
   * full only, and until they are worth nothing it takes nothing in: so they add nothing to what it gives in any second.
   */
  ahead: z.number().int().nonnegative().max(1_000).optional(),
  /** The account's limit as the team configured it. */
  requestsPerSecond: z.number().positive().max(100_000),
  /** Set after a 429: nobody gets a lease for so long, and the rate is halved for a while. */
  throttledForMs: z.number().int().nonnegative().max(3_600_000).optional(),
});
export type RateLeaseRequest = z.infer<typeof rateLeaseRequest>;
export const rateLeaseReply = z.object({
  granted: z.number().int().nonnegative(),
  /** Beyond `granted`, of those that were asked for ahead. */
  ahead: z.number().int().nonnegative().optional(),
  /** When nothing (or too little) was granted: ask again after so many ms. */
  retryAfterMs: z.number().int().nonnegative(),
});
export type RateLeaseReply = z.infer<typeof rateLeaseReply>;

/**
 * `GET /internal/v1/control`: one JSON line every 100 ms per worker process. Each line is the whole truth (jobs that are
 * not simply running), so a lost line loses nothing; a worker that has heard nothing for {@link CONTROL_SILENCE_MS} starts no call.
 */
export const controlBeat = z.object({ at: z.number(), paused: z.array(z.string()), stopped: z.array(z.string()) });
export type ControlBeat = z.infer<typeof controlBeat>;
export const CONTROL_BEAT_MS = 100;
export const CONTROL_SILENCE_MS = 250;

/** `code` of the 409 that tells a step that its page is sealed or its fence is old: stop, do not retry. */
export const SUPERSEDED = 'superseded';
