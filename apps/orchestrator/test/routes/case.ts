import type { WireRequest } from './sample.js';

export interface Expected {
  /** Any but a server error when left out. */
  readonly statuses?: readonly number[];
  readonly code?: string;
  /** Where a 422 must complain: there, inside of it or around it. */
  readonly pointer?: string;
  /** What the complaint at that place must name. */
  readonly names?: string;
}

/** A request that somebody sends by mistake or malice, and what must be answered. */
export interface Case {
  readonly name: string;
  readonly request: WireRequest;
  readonly expected: Expected;
}

/** Accepted, or refused for what the schema cannot say. */
export const FITS: Expected = {};
