import {
  ProviderHttp,
  accountOf,
  type EntityIdentity,
  type EntityType,
  type ProviderAccountConfig,
} from '@uno/worker-kit';
import { readSearchReply, readSignalsReply } from './lusha.reply.js';
import { LUSHA_SIGNALS } from './lusha.schemas.js';
import {
  SignalsProvider,
  type EventsRequest,
  type EventsResult,
  type SearchRequest,
  type SearchResult,
} from './signals-provider.js';

const COLLECTIONS: Readonly<Record<EntityType, string>> = { company: 'companies', contact: 'contacts' };

/** Lusha V3, `search` and `signals`. Source: https://docs.lusha.com/api-reference/signals/company-signals */
export class LushaSignals extends SignalsProvider {
  readonly name = 'lusha';
  readonly title = 'Lusha';
  readonly account: string;
  readonly requestsPerSecond: number;
  private readonly http: ProviderHttp;

  constructor(config: ProviderAccountConfig) {
    super();
    this.account = accountOf(config.apiKey);
    this.requestsPerSecond = config.requestsPerSecond ?? 25;
    this.http = new ProviderHttp(this.name, config, { api_key: config.apiKey });
  }

  override async search(
    { entityType, entities }: SearchRequest,
    signal: AbortSignal,
  ): Promise<readonly SearchResult[]> {
    const collection = COLLECTIONS[entityType];
    const identifierOf = entityType === 'company' ? companyIdentifier : contactIdentifier;
    const items = entities.map((entity, index) => ({ clientReferenceId: String(index), ...identifierOf(entity) }));
    const call = { rows: entities.length, signal };
    return readSearchReply(
      await this.http.post(`/v3/${collection}/search`, { [collection]: items }, call),
      items.length,
    );
  }

  /** One event of each type: every event is charged, and the newest comes first. */
  override async events(
    { entityType, ids, kinds, since }: EventsRequest,
    signal: AbortSignal,
  ): Promise<readonly EventsResult[]> {
    const signalTypes = [...kinds].flatMap((kind) => Object.keys(LUSHA_SIGNALS[kind]));
    const body = { ids, signalTypes, startDate: since, maxResultsPerSignal: 1 };
    const reply = await this.http.post(`/v3/${COLLECTIONS[entityType]}/signals`, body, { rows: ids.length, signal });
    return readSignalsReply(reply, { ids, kinds });
  }
}

function companyIdentifier({ name, domain }: EntityIdentity): object {
  return { ...(name !== undefined && { name }), ...(domain !== undefined && { domain }) };
}

function contactIdentifier({ name, domain, email }: EntityIdentity): object {
  if (email !== undefined) return { email };
  const [firstName = '', ...rest] = (name ?? '').split(' ');
  return { firstName, lastName: rest.join(' '), companyDomain: domain };
}
