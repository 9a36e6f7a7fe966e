import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ProviderFailureCode } from '@uno/workflow-contracts';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { Deadline } from '../deadline.js';
import type { ProviderAccountConfig } from './provider-account.js';
import { ProviderError, type ProviderErrorCode, type ProviderErrorKind } from './provider-error.js';

const CALL_TIMEOUT_MS = 30_000;
/** A reply may weigh so much, and so much more for each row of the call: far above what providers send. */
const MAX_REPLY_BYTES = { base: 256 * 1024, perRow: 64 * 1024 };
/** A provider that asks for more is asked again after so long. */
const MAX_RETRY_AFTER_MS = 3_600_000;

const NO_CONTENT = 204;
const ACCEPTED = { accept: 'application/json', 'accept-encoding': 'gzip' };

/** What a call is about, for its limits. */
export interface CallScope {
  readonly rows: number;
  readonly signal: AbortSignal;
  /** For a provider whose statuses alone do not tell what a refusal means. */
  readonly readRefusal?: RefusalReader;
}

/** @returns what a refused call means, from its status and its JSON body; undefined leaves it to the status. */
export type RefusalReader = (
  status: number,
  body: unknown,
) => { readonly kind: ProviderErrorKind; readonly code: ProviderErrorCode } | undefined;

interface ProviderHttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Speaks JSON with one provider, with limits on time and size; every way to fail becomes a {@link ProviderError} without
 * anything the provider said. Headers are limited to 16 KiB by the HTTP client, redirects are not followed: the key would go
 * along. It uses undici's own client, because a call by `fetch` costs four times the CPU.
 */
export class ProviderHttp {
  private readonly provider: string;
  private readonly baseUrl: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timeoutMs: number;
  private readonly maxReplyBytes: number | undefined;
  private readonly connections = new Agent();

  constructor(provider: string, config: ProviderAccountConfig, authentication: Readonly<Record<string, string>>) {
    this.provider = provider;
    this.baseUrl = config.baseUrl.replace(/\/+$/, '');
    this.headers = { ...authentication, ...ACCEPTED };
    this.timeoutMs = config.timeoutMs ?? CALL_TIMEOUT_MS;
    this.maxReplyBytes = config.maxReplyBytes;
  }

  /**
   * @returns the reply of a 2xx as parsed JSON, not yet checked; undefined for a 204.
   * @throws ProviderError, or the reason of `signal` when it was aborted.
   */
  get(path: string, scope: CallScope): Promise<unknown> {
    return this.send({ method: 'GET', path }, scope);
  }

  /** Like {@link get}, with a body. */
  post(path: string, body: unknown, scope: CallScope): Promise<unknown> {
    return this.send({ method: 'POST', path, body }, scope);
  }

  /** Like {@link get}, with a body. */
  patch(path: string, body: unknown, scope: CallScope): Promise<unknown> {
    return this.send({ method: 'PATCH', path, body }, scope);
  }

  private async send({ method, path, body }: ProviderHttpRequest, scope: CallScope): Promise<unknown> {
    const { rows, signal } = scope;
    signal.throwIfAborted();
    const deadline = new Deadline(signal, this.timeoutMs);
    let reply: Dispatcher.ResponseData | undefined;
    let leftover: Promise<unknown> | undefined;
    try {
      reply = await request(`${this.baseUrl}${path}`, {
        method,
        ...(body === undefined
          ? { headers: this.headers }
          : { headers: { ...this.headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        dispatcher: this.connections,
        signal: deadline.signal,
      });
      if (reply.statusCode < 200 || reply.statusCode > 299) throw await this.refusalOf(reply, scope);
      this.checkType(reply);
      if (reply.statusCode === NO_CONTENT) return undefined;
      return this.parse(await this.read(reply, rows));
    } catch (error) {
      // What is left of the body would keep the connection busy; it has no more time than the call had.
      leftover = reply?.body.dump().catch(() => undefined);
      if (error instanceof ProviderError) throw error;
      signal.throwIfAborted();
      if (!deadline.hasPassed) throw this.transportError(error);
      const code = reply === undefined ? 'provider_timeout' : 'provider_too_slow';
      throw new ProviderError({ provider: this.provider, kind: 'retry', code });
    } finally {
      if (leftover) void leftover.then(() => deadline.release());
      else deadline.release();
    }
  }

  private async refusalOf(reply: Dispatcher.ResponseData, { rows, readRefusal }: CallScope): Promise<ProviderError> {
    const { statusCode: status, headers } = reply;
    // The status is known: a body that cannot be read, or not in time, leaves it at that.
    const readBody = async (): Promise<unknown> => this.parse(await this.read(reply, rows));
    const meaning = readRefusal?.(status, await readBody().catch(() => undefined));
    if (meaning !== undefined) return new ProviderError({ provider: this.provider, status, ...meaning });
    return ProviderError.fromStatus(this.provider, status, retryAfterMsOf(headerOf(headers['retry-after'])));
  }

  private checkType({ headers }: Dispatcher.ResponseData): void {
    const type = headerOf(headers['content-type']);
    if (type !== undefined && !/[/+]json\b/i.test(type)) throw this.useless('provider_answered_page');
  }

  private async read(reply: Dispatcher.ResponseData, rows: number): Promise<Uint8Array> {
    const limit = this.maxReplyBytes ?? MAX_REPLY_BYTES.base + rows * MAX_REPLY_BYTES.perRow;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.unpacked(reply)) {
      size += chunk.byteLength;
      if (size > limit) throw this.useless('provider_answer_too_large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  private unpacked({ body, headers }: Dispatcher.ResponseData): AsyncIterable<Uint8Array> {
    switch (headerOf(headers['content-encoding']) ?? 'identity') {
      case 'identity':
        return body;
      case 'gzip':
        // Whoever reads meets what goes wrong.
        return pipeline(body, createGunzip(), () => undefined);
      default:
        throw this.useless('provider_invalid_answer');
    }
  }

  private parse(bytes: Uint8Array): unknown {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw this.useless('provider_invalid_answer');
    }
  }

  private useless(code: ProviderFailureCode): ProviderError {
    return ProviderError.ofAnswer(this.provider, code);
  }

  /** The client's errors quote addresses and bytes, so only their codes are looked at. */
  private transportError(error: unknown): ProviderError {
    const { code } = error as { code?: unknown };
    const name = typeof code === 'string' ? code : '';
    if (NOT_HTTP.test(name)) return this.useless('provider_invalid_answer');
    const lost = NO_CONNECTION.test(name) ? 'provider_unreachable' : 'provider_connection_lost';
    return new ProviderError({ provider: this.provider, kind: 'retry', code: lost });
  }
}

/** Broken HTTP, headers over the limit, broken compression. */
const NOT_HTTP = /^(HPE_|UND_ERR_HEADERS_OVERFLOW|Z_)/;
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

const headerOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** RFC 9110: seconds, or a date. What is neither counts as not given. */
function retryAfterMsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}
