import { createHash } from 'node:crypto';
import { ProviderError } from './provider-error.js';

export const CALL_TIMEOUT_MS = 30_000;
export const MAX_REPLY_BYTES = 8 * 1024 * 1024;

/** One account at one provider. */
export interface ProviderAccountConfig {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Calls per second the account allows; the adapter's own default applies when absent. */
  readonly requestsPerSecond?: number;
  /** For one call, connection and body included, in ms. */
  readonly timeoutMs?: number;
  readonly maxReplyBytes?: number;
}

/** Names an account without being its secret. */
export function accountOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
}

/** Posts JSON to one provider; every way to fail becomes a {@link ProviderError} without anything the provider said. */
export class ProviderHttp {
  private readonly provider: string;
  private readonly baseUrl: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timeoutMs: number;
  private readonly maxReplyBytes: number;

  constructor(provider: string, config: ProviderAccountConfig, authentication: Readonly<Record<string, string>>) {
    this.provider = provider;
    this.baseUrl = config.baseUrl.replace(/\/+$/, '');
    this.headers = { ...authentication, 'content-type': 'application/json', accept: 'application/json' };
    this.timeoutMs = config.timeoutMs ?? CALL_TIMEOUT_MS;
    this.maxReplyBytes = config.maxReplyBytes ?? MAX_REPLY_BYTES;
  }

  /**
   * @returns the reply of a 2xx as parsed JSON, not yet checked.
   * @throws ProviderError, or the reason of `signal` when it was aborted.
   */
  async post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await fetch(`${this.baseUrl}${path}`, {
        method: 'POST',
        headers: this.headers,
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw ProviderError.fromStatus(
          this.provider,
          response.status,
          retryAfterMsOf(response.headers.get('retry-after')),
        );
      }
      return this.parse(await this.read(response));
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      signal.throwIfAborted();
      const code = timeout.aborted ? 'timeout' : 'unreachable';
      throw new ProviderError({ provider: this.provider, kind: 'retry', code });
    }
  }

  private async read(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > this.maxReplyBytes) {
        throw new ProviderError({
          provider: this.provider,
          kind: 'row',
          code: 'reply_too_large',
          status: response.status,
        });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  private parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new ProviderError({ provider: this.provider, kind: 'retry', code: 'bad_reply' });
    }
  }
}

/** RFC 9110: seconds, or a date. */
function retryAfterMsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
