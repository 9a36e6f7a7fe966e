import type { CrmObject } from '@uno/crm-contract';
import { accountOf, ProviderHttp, type CallScope, type ProviderAccountConfig } from '@uno/worker-kit';
import {
  CrmProvider,
  UnknownProperties,
  type ReadRequest,
  type RecordProperties,
  type RecordRead,
  type RecordWrite,
  type UpdateRequest,
  type UpsertRequest,
} from './crm-provider.js';
import { readReadReply, readUnknownProperties, readWriteReply } from './hubspot.reply.js';

const OBJECTS: Readonly<Record<CrmObject, string>> = { company: 'companies', contact: 'contacts' };

/** HubSpot, CRM v3, batch routes. Source: https://developers.hubspot.com/docs/api-reference/crm-companies-v3/batch */
export class HubspotProvider extends CrmProvider {
  readonly name = 'hubspot';
  readonly title = 'HubSpot';
  readonly account: string;
  readonly requestsPerSecond: number;
  private readonly http: ProviderHttp;

  constructor(config: ProviderAccountConfig) {
    super();
    this.account = accountOf(config.apiKey);
    // 100 calls in ten seconds is what every account has.
    this.requestsPerSecond = config.requestsPerSecond ?? 10;
    this.http = new ProviderHttp(this.name, config, { authorization: `Bearer ${config.apiKey}` });
  }

  override async read(request: ReadRequest, signal: AbortSignal): Promise<readonly RecordRead[]> {
    const { object, idProperty, values } = request;
    const properties = [...new Set([idProperty, ...request.properties])];
    const body = { idProperty, properties, inputs: values.map((id) => ({ id })) };
    const reply = await this.batch(object, 'read', body, { rows: values.length, signal });
    return readReadReply(reply, idProperty, values);
  }

  /** Each input has a key of its own, which makes HubSpot answer for each: one bad record does not spoil the others. */
  override async upsert(
    { object, idProperty, writes }: UpsertRequest,
    signal: AbortSignal,
  ): Promise<readonly RecordWrite[]> {
    const inputs = writes.map(({ value: id, properties, key }) => ({
      ...{ id, idProperty, properties },
      objectWriteTraceId: key,
    }));
    const given = new Set(writes.flatMap(({ properties }) => Object.keys(properties)));
    let unknown: readonly string[] = [];
    const readRefusal = (_status: number, refusal: unknown): undefined => {
      unknown = readUnknownProperties(refusal, given);
    };
    const scope = { rows: writes.length, signal, readRefusal };
    const reply = await this.batch(object, 'upsert', { inputs }, scope).catch((error: unknown) => {
      throw unknown.length > 0 ? new UnknownProperties(this.name, unknown) : error;
    });
    const names = writes.map(({ value: id, key }) => ({ id, key }));
    return readWriteReply(reply, names, { idProperty });
  }

  override async update({ object, writes }: UpdateRequest, signal: AbortSignal): Promise<readonly RecordWrite[]> {
    const inputs = writes.map(({ recordId: id, properties, key }) => ({
      ...{ id, properties: emptied(properties) },
      objectWriteTraceId: key,
    }));
    const reply = await this.batch(object, 'update', { inputs }, { rows: writes.length, signal });
    const names = writes.map(({ recordId: id, key }) => ({ id, key }));
    return readWriteReply(reply, names);
  }

  override async archive(
    object: CrmObject,
    recordIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly RecordWrite[]> {
    const inputs = recordIds.map((id) => ({ id }));
    const reply = await this.batch(object, 'archive', { inputs }, { rows: recordIds.length, signal });
    if (reply === undefined) return recordIds.map((recordId) => ({ outcome: 'written', recordId }));
    // A 207 names what failed alone; the rest is asked for again.
    return readWriteReply(reply, inputs);
  }

  private batch(
    object: CrmObject,
    action: 'read' | 'upsert' | 'update' | 'archive',
    body: unknown,
    scope: CallScope,
  ): Promise<unknown> {
    return this.http.post(`/crm/v3/objects/${OBJECTS[object]}/batch/${action}`, body, scope);
  }
}

/** An empty text empties a property; null would leave it as it is. */
function emptied(properties: RecordProperties): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, value ?? '']));
}
