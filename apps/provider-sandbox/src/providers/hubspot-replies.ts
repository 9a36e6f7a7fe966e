import type { CrmObject } from '../crm/crm-properties.js';
import { CRM_OBJECT_TYPES } from '../crm/crm-properties.js';
import type { CrmRecord } from '../crm/crm-store.js';
import type { Answer, AnswerSource, LookUp } from './provider-api.js';

/** What one input of a batch came to grief over. Source: https://developers.hubspot.com/docs/api-reference/error-handling */
export interface InputError {
  readonly category: string;
  readonly message: string;
  readonly ids: readonly string[];
  readonly traceId?: string | undefined;
}

/** A record as a reply shows it, with the properties asked for. */
export function shownRecord(record: CrmRecord, names: Iterable<string>): object {
  const { shown } = CRM_OBJECT_TYPES[record.object];
  const modified = record.object === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
  const properties = Object.fromEntries(
    [...new Set([...shown, ...names])].map((name) => [name, record.properties[name] ?? null]),
  );
  return {
    id: record.id,
    properties: { ...properties, createdate: record.createdAt, [modified]: record.updatedAt, hs_object_id: record.id },
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    archived: record.archived,
  };
}

/** 200, or 207 with what went wrong beside what did not. Results have no order: a caller finds its own by what is in them. */
export function batchReply(
  { now }: AnswerSource,
  results: readonly object[],
  errors: readonly InputError[],
): Pick<Answer, 'status' | 'body'> {
  const at = new Date(now).toISOString();
  const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  if (errors.length === 0) return { body };
  return {
    status: 207,
    body: {
      ...body,
      numErrors: errors.length,
      errors: errors.map(({ category, message, ids, traceId }) => ({
        status: 'error',
        category,
        message,
        context: { ids, ...(traceId !== undefined && { objectWriteTraceId: [traceId] }) },
      })),
    },
  };
}

/** Why a call is refused as a whole. */
export type Refusal = { readonly message: string } & Readonly<Record<string, unknown>>;

/** Refuses a call as a whole: nothing of it is carried out. */
export function refusedCall({ callId }: AnswerSource, lookUps: readonly LookUp[], refusal: Refusal): Answer {
  return {
    status: 400,
    body: { status: 'error', correlationId: callId, category: 'VALIDATION_ERROR', ...refusal },
    billable: lookUps.map(() => false),
  };
}

export function notFound(object: CrmObject, ids: readonly string[], traceId?: string): InputError {
  const { label } = CRM_OBJECT_TYPES[object];
  const message = `Could not get some ${label} objects, they may be deleted or not exist. Check that ids are valid.`;
  return { category: 'OBJECT_NOT_FOUND', message, ids, traceId };
}

/** What a fault says about an input. */
export function failed(code: string, id: string, traceId?: string): InputError {
  return { category: code, message: `The request for ${id} could not be handled.`, ids: [id], traceId };
}
