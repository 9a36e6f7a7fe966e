import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { hashKey } from './bearer.js';
import { ExpiringCache } from './expiring-cache.js';

/** How long a revoked key may still work, in exchange for one query less per request. */
const KEY_CACHE_MS = 3_000;

/** Whose request it is. */
export interface Caller {
  readonly workspaceId: string;
  /** Id of the API key, for the record of who did what. */
  readonly keyId: string;
}

/** Finds out to whom a key belongs; keys themselves are stored nowhere. Unknown keys are never cached. */
@Injectable()
export class KeyResolver {
  readonly #callers = new ExpiringCache<Caller>(KEY_CACHE_MS);
  readonly #services = new ExpiringCache<string>(KEY_CACHE_MS);

  constructor(private readonly database: Database) {}

  /** The workspace of an API key, or undefined when the key is unknown or revoked. */
  async caller(apiKey: string): Promise<Caller | undefined> {
    const hash = hashKey(apiKey);
    const known = this.#callers.get(hash);
    if (known) return known;
    const [row] = await this.database.acrossWorkspaces<{ workspace_id: string; key_id: string }>(
      'select workspace_id, key_id from resolve_api_key($1)',
      [hash],
    );
    if (!row) return undefined;
    const caller: Caller = { workspaceId: row.workspace_id, keyId: row.key_id };
    this.#callers.set(hash, caller);
    return caller;
  }

  /** The service that a worker's key speaks for, or undefined. */
  async service(serviceKey: string): Promise<string | undefined> {
    const hash = hashKey(serviceKey);
    const known = this.#services.get(hash);
    if (known) return known;
    const [row] = await this.database.acrossWorkspaces<{ service_id: string }>(
      'select service_id from service_key where hash = $1',
      [hash],
    );
    if (!row) return undefined;
    this.#services.set(hash, row.service_id);
    return row.service_id;
  }
}
