import type { CrmObject } from '../crm/crm-properties.js';
import { CRM_OBJECT_TYPES, storedValue } from '../crm/crm-properties.js';
import type { CrmRecord, CrmStore, CrmValues } from '../crm/crm-store.js';
import { batchReply, failed, notFound, refusedCall, shownRecord } from './hubspot-replies.js';
import type { InputError, Refusal } from './hubspot-replies.js';
import type { WriteInput } from './hubspot.schemas.js';
import { writeBody } from './hubspot.schemas.js';
import type { Answer, AnswerSource, Inquiry, ItemWrite, LookUp } from './provider-api.js';

/** `upsert` creates what it does not find, `update` reports it. */
export interface WriteRoute {
  readonly object: CrmObject;
  readonly action: 'upsert' | 'update';
}

/** One input as it is to be written. */
interface Item extends LookUp {
  readonly key: string;
  readonly input: WriteInput;
  readonly values: CrmValues;
}

const RECORD_ID = 'hs_object_id';

/** What became of one input. */
type Outcome = { readonly write: ItemWrite; readonly result: object } | { readonly error: InputError };

export function parseWrite(route: WriteRoute, body: unknown): Inquiry | undefined {
  const parsed = writeBody.safeParse(body);
  if (!parsed.success) return undefined;
  const items = parsed.data.inputs.map((input): Item => {
    const { id, idProperty, properties, objectWriteTraceId } = input;
    // Null is taken and changes nothing: a property is emptied by an empty text.
    const stored = Object.entries(properties).flatMap(([name, value]) =>
      value === null ? [] : [[name, storedValue(name, value)] as const],
    );
    return {
      key: (idProperty === undefined ? id : storedValue(idProperty, id)) ?? id,
      input,
      values: Object.fromEntries(stored),
      idempotencyKey: objectWriteTraceId,
    };
  });
  return { lookUps: items, answer: (source) => write(route, items, source) };
}

function write(route: WriteRoute, items: readonly Item[], source: AnswerSource): Answer {
  const refusal = refusalOf(route, items, source);
  if (refusal) return refusedCall(source, items, refusal);
  if (source.empty === true) return { ...batchReply(source, [], []), billable: items.map(() => false) };
  const outcomes = items.map((item, index) => carryOut(route, item, { ...source, index }));
  source.crm.commit();
  const done = outcomes.flatMap((outcome) => ('write' in outcome ? [outcome] : []));
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const results = done.toSorted((one, other) => Number(one.write.recordId) - Number(other.write.recordId));
  const writes = outcomes.map((outcome) => ('write' in outcome ? outcome.write : undefined));
  return {
    ...batchReply(
      source,
      results.map(({ result }) => result),
      errors,
    ),
    billable: writes.map((each) => each !== undefined),
    writes,
  };
}

/** Why HubSpot takes nothing of the call. A single bad record is reason enough, unless every input has a trace id of its own. */
function refusalOf({ object, action }: WriteRoute, items: readonly Item[], { crm }: AnswerSource): Refusal | undefined {
  const { typeId, unique, properties } = CRM_OBJECT_TYPES[object];
  // An update may also name a record by its id.
  const finders = action === 'update' ? [RECORD_ID, ...unique] : unique;
  const finder = items.map(({ input }) => input.idProperty ?? RECORD_ID).find((name) => !finders.includes(name));
  if (finder !== undefined) {
    return { message: `Unable to perform update/upsert by non-unique ${typeId} property ${finder} in portal ID 1` };
  }
  const repeated = duplicates(items.map(({ key, input }) => `${input.idProperty ?? ''} ${key}`)).map(
    (index) => items[index]?.key,
  );
  if (repeated.length > 0) {
    const message = `Duplicate IDs found in batch input: [${repeated.join(', ')}]. IDs must be unique`;
    return { message, context: { ids: repeated } };
  }
  const unknown = items.flatMap(({ values }) => Object.keys(values)).find((name) => !properties.has(name));
  if (unknown !== undefined) return unknownProperty(unknown);
  const traces = items.map(({ idempotencyKey }) => idempotencyKey);
  if (!traces.includes(undefined) && duplicates(traces).length === 0) return undefined;
  const invalid = items.map((item) => invalidValue(object, item, crm)).find((error) => error !== undefined);
  return invalid && { message: invalid.message };
}

function unknownProperty(name: string): Refusal {
  const message = `Property "${name}" does not exist`;
  const code = 'PROPERTY_DOESNT_EXIST';
  const validation = JSON.stringify([{ isValid: false, message, error: code, name }]);
  const errors = [{ message, code, context: { propertyName: [name] } }];
  return { message: `Property values were not valid: ${validation}`, errors };
}

function carryOut(
  { object, action }: WriteRoute,
  item: Item,
  { crm, now, itemFault, index }: AnswerSource & { readonly index: number },
): Outcome {
  const { id, idProperty, objectWriteTraceId } = item.input;
  const fault = itemFault?.(index);
  if (fault) return { error: failed(fault === 'left_out' ? 'INTERNAL_ERROR' : fault.code, id, objectWriteTraceId) };
  const invalid = invalidValue(object, item, crm);
  if (invalid) return { error: invalid };
  const at = new Date(now).toISOString();
  const before = crm.find(object, item.key, idProperty);
  if (!before && action === 'update') return { error: notFound(object, [id], objectWriteTraceId) };
  const values = idProperty !== undefined && !before ? { [idProperty]: item.key, ...item.values } : item.values;
  const after = before ? crm.update(before, values, at) : crm.create(object, values, at);
  const result = {
    ...shownRecord(after, [...Object.keys(item.values), ...(idProperty === undefined ? [] : [idProperty])]),
    ...(action === 'upsert' && { new: !before }),
    ...(objectWriteTraceId !== undefined && { objectWriteTraceId }),
  };
  return { write: { recordId: after.id, effect: effectOf(before, after) }, result };
}

function effectOf(before: CrmRecord | undefined, after: CrmRecord): ItemWrite['effect'] {
  if (!before) return 'created';
  return before === after ? 'unchanged' : 'updated';
}

/** What is wrong with the values of one record alone. */
function invalidValue(object: CrmObject, { input, key, values }: Item, crm: CrmStore): InputError | undefined {
  const error = { ids: [input.id], traceId: input.objectWriteTraceId };
  const email = input.idProperty === 'email' ? key : values['email'];
  if (typeof email === 'string' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    return { ...error, category: 'VALIDATION_ERROR', message: `Email address ${email} is invalid` };
  }
  const own = crm.find(object, key, input.idProperty);
  for (const property of CRM_OBJECT_TYPES[object].unique) {
    const value = values[property];
    const other = typeof value === 'string' ? crm.find(object, value, property) : undefined;
    if (other && other.id !== own?.id) {
      const message = `${CRM_OBJECT_TYPES[object].label} already exists. Existing ID: ${other.id}`;
      return { ...error, category: 'CONFLICT', message };
    }
  }
  return undefined;
}

/** Where a value stands that stood before. */
function duplicates(values: readonly unknown[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
