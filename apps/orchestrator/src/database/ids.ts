import { monotonicFactory } from 'ulid';

const ulid = monotonicFactory();

export type IdPrefix = 'ws' | 'key' | 'lst' | 'row' | 'col' | 'job' | 'imp' | 'err';

/** A new id such as `job_01J…`: sorts by time of making, says in every log what it names. */
export const newId = (prefix: IdPrefix): string => `${prefix}_${ulid()}`;
