import type { Truth } from '../laws/law-11-values.js';
import { type KnownValues, type Provider, PROVIDERS, type Sandbox } from '../stack/sandbox.js';

const AT_A_TIME = 20;

/** Remembers what the sandbox answers about companies, for each seed that a run uses. */
export class TruthBook {
  private readonly answers = new Map<string, KnownValues>();
  private readonly seedOf = new Map<string, number>();

  constructor(private readonly sandbox: Sandbox) {}

  /** Asks the sandbox about all of these companies, under the seed that is in force. */
  async learn(seed: number, companies: readonly string[]): Promise<void> {
    const open = [...new Set(companies)].flatMap((company) => PROVIDERS.map((provider) => ({ provider, company })));
    const worker = async (): Promise<void> => {
      for (let next = open.pop(); next; next = open.pop()) {
        this.answers.set(
          keyOf(seed, next.provider, next.company),
          await this.sandbox.answer(next.provider, next.company),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  }

  /** Says under which seed a job ran. */
  ran(jobId: string, seed: number): void {
    this.seedOf.set(jobId, seed);
  }

  truth(providersFailed: boolean): Truth {
    return {
      providersFailed,
      answer: (jobId, provider, company) =>
        this.answers.get(keyOf(this.seedOf.get(jobId) ?? 0, provider, company)) ?? {},
    };
  }
}

const keyOf = (seed: number, provider: Provider, company: string): string => `${seed} ${provider} ${company}`;
