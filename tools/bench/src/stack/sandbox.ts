import { send } from '@uno/local-stack';
import type { BenchStack } from './bench-stack.js';

const PROVIDERS = ['lusha', 'pdl'] as const;

/** One look-up in the sandbox's call log. */
export interface LoggedCall {
  readonly seq: number;
  readonly at: string;
  readonly callId: string;
  readonly key: string | null;
  readonly status: number;
}

/** The providers' stand-in as a tester steers it. */
export class Sandbox {
  readonly #url: string;
  readonly #key: string;
  #seenSeq = 0;

  constructor({ credentials }: BenchStack) {
    this.#url = credentials.sandboxAdminUrl;
    this.#key = credentials.sandboxAdminKey;
  }

  /** No limit of calls a second, and every call takes exactly so long (0: as fast as it can). */
  async answerAfter(ms: number): Promise<void> {
    for (const provider of PROVIDERS) {
      await this.#put('limits', { provider, requestsPerSecond: null });
      await this.#put('latency', { provider, p50Ms: ms, p99Ms: ms });
    }
  }

  /** The calls since the last time that this was asked, oldest first. */
  async newCalls(): Promise<readonly LoggedCall[]> {
    const calls: LoggedCall[] = [];
    for (;;) {
      const { items, next } = await this.#get<{ items: LoggedCall[]; next: number }>(`calls?since=${this.#seenSeq}`);
      if (items.length === 0) return calls;
      calls.push(...items);
      this.#seenSeq = next;
    }
  }

  async #put(what: string, body: unknown): Promise<void> {
    await send({ method: 'PUT', url: `${this.#url}/admin/${what}`, key: this.#key, body });
  }

  #get<T>(what: string): Promise<T> {
    return send<T>({ method: 'GET', url: `${this.#url}/admin/${what}`, key: this.#key });
  }
}
