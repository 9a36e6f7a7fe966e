import { randomUUID } from 'node:crypto';
import type { CrmObject } from '../crm/crm-properties.js';
import { CRM_OBJECT_TYPES, CRM_OBJECTS, storedValue } from '../crm/crm-properties.js';
import { batchReply, failed, notFound, refusedCall, shownRecord } from './hubspot-replies.js';
import type { InputError } from './hubspot-replies.js';
import { parseWrite } from './hubspot-write.routes.js';
import type { ReadBody } from './hubspot.schemas.js';
import { archiveBody, readBody } from './hubspot.schemas.js';
import { misshapenList, resultsShape } from './misshapen.js';
import type {
  Answer,
  AnswerSource,
  Inquiry,
  ItemWrite,
  LookUp,
  ProviderApi,
  ProviderRoute,
  RefusalCause,
} from './provider-api.js';

type BatchAction = 'read' | 'upsert' | 'update' | 'archive';

/** HubSpot. Sources: https://developers.hubspot.com/docs/api-reference/error-handling, /docs/developer-tooling/platform/usage-guidelines */
export const hubspotApi: ProviderApi = {
  name: 'hubspot',
  keyHeader: 'authorization',
  keyScheme: 'Bearer',
  // 100 calls in any ten seconds.
  defaultRequestsPerSecond: 10,
  limitWindowMs: 10_000,
  routes: CRM_OBJECTS.flatMap((object) => [
    batchRoute(object, 'read', (body) => parseRead(object, body)),
    batchRoute(object, 'upsert', (body) => parseWrite({ object, action: 'upsert' }, body)),
    batchRoute(object, 'update', (body) => parseWrite({ object, action: 'update' }, body)),
    batchRoute(object, 'archive', (body) => parseArchive(object, body)),
  ]),
  itemErrors: ['VALIDATION_ERROR', 'CONFLICT', 'INTERNAL_ERROR'],
  wrongParts: ['envelope', 'items', 'references'],
  outOfCreditsStatus: 402,
  errorBody: (_status, message, cause) => ({ status: 'error', message, correlationId: randomUUID(), ...ERRORS[cause] }),
  usageHeaders: ({ requestsPerSecond, window, day }) =>
    requestsPerSecond === null
      ? {}
      : {
          'x-hubspot-ratelimit-max': String(window.limit),
          'x-hubspot-ratelimit-remaining': String(window.limit - window.used),
          'x-hubspot-ratelimit-interval-milliseconds': String(window.ms),
          'x-hubspot-ratelimit-daily': String(DAILY_LIMIT),
          'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, DAILY_LIMIT - day)),
        },
};

/** Reported, not enforced. */
const DAILY_LIMIT = 650_000;

const ERRORS: Readonly<Record<RefusalCause, object>> = {
  invalid_request: { category: 'VALIDATION_ERROR' },
  unauthorized: { category: 'INVALID_AUTHENTICATION' },
  out_of_credits: { category: 'PAYMENT_REQUIRED' },
  forbidden: { category: 'MISSING_SCOPES' },
  rate_limited: { category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' },
  server_error: { category: 'INTERNAL_ERROR' },
};

function batchRoute(object: CrmObject, action: BatchAction, parse: ProviderRoute['parse']): ProviderRoute {
  const shape = resultsShape('id');
  return {
    path: `/crm/v3/objects/${object}/batch/${action}`,
    parse,
    // What is written stays written, however the answer reads.
    misshape: (answer, part) => ({
      ...answer,
      status: 200,
      body: misshapenList(shape, answer.body ?? { results: [] }, part),
    }),
  };
}

function parseRead(object: CrmObject, body: unknown): Inquiry | undefined {
  const parsed = readBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { idProperty, inputs } = parsed.data;
  const keys = inputs.map(({ id }) => (idProperty === undefined ? id : storedValue(idProperty, id)) ?? id);
  const lookUps = [...new Set(keys)].map((key) => ({ key }));
  return { lookUps, answer: (source) => read(object, lookUps, { ...parsed.data, source }) };
}

function read(
  object: CrmObject,
  lookUps: readonly { readonly key: string }[],
  { idProperty, properties, source }: ReadBody & { readonly source: AnswerSource },
): Answer {
  const { typeId, unique } = CRM_OBJECT_TYPES[object];
  if (idProperty !== undefined && !unique.includes(idProperty)) {
    return refusedCall(source, lookUps, { message: `Unable to read by non-unique ${typeId} property ${idProperty}` });
  }
  const missing: string[] = [];
  const errors: InputError[] = [];
  const results = lookUps.flatMap(({ key }, index) => {
    const fault = source.itemFault?.(index);
    if (fault) {
      errors.push(failed(fault === 'left_out' ? 'INTERNAL_ERROR' : fault.code, key));
      return [];
    }
    const record = source.crm.find(object, key, idProperty);
    if (!record) missing.push(key);
    return record ? [record] : [];
  });
  if (missing.length > 0 && source.empty !== true) errors.push(notFound(object, missing));
  const shown = results
    .toSorted((one, other) => Number(one.id) - Number(other.id))
    .map((record) => shownRecord(record, [...properties, ...(idProperty === undefined ? [] : [idProperty])]));
  return { ...batchReply(source, source.empty === true ? [] : shown, errors), billable: lookUps.map(() => false) };
}

/** Answers 204 whether or not the records were there. */
function parseArchive(object: CrmObject, body: unknown): Inquiry | undefined {
  const parsed = archiveBody.safeParse(body);
  if (!parsed.success) return undefined;
  const lookUps = parsed.data.inputs.map(({ id }) => ({ key: id }));
  return { lookUps, answer: (source) => archive(object, lookUps, source) };
}

function archive(
  object: CrmObject,
  lookUps: readonly (LookUp & { readonly key: string })[],
  source: AnswerSource,
): Answer {
  const at = new Date(source.now).toISOString();
  const errors: InputError[] = [];
  const writes = lookUps.map(({ key }, index): ItemWrite | undefined => {
    const fault = source.itemFault?.(index);
    if (fault) {
      errors.push(failed(fault === 'left_out' ? 'INTERNAL_ERROR' : fault.code, key));
      return undefined;
    }
    const record = source.crm.find(object, key);
    if (!record) return undefined;
    source.crm.archive(record, at);
    return { recordId: record.id, effect: 'archived' };
  });
  source.crm.commit();
  const reply = errors.length === 0 ? { status: 204, body: undefined } : batchReply(source, [], errors);
  return { ...reply, billable: writes.map((write) => write !== undefined), writes };
}
