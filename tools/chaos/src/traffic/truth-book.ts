import type { Evidence } from '../audit/evidence.js';
import { promptsOf, promptKey } from '../laws/prompts.js';
import type { Truth } from '../laws/truth.js';
import {
  DATA_PROVIDERS,
  type DataProvider,
  type KnownValues,
  type ModelAnswers,
  type Sandbox,
} from '../stack/sandbox.js';
import { lookUpKeyOf } from './companies.js';

const AT_A_TIME = 20;

/** Remembers what the sandbox answers, for each seed that a run uses. */
export class TruthBook {
  private readonly answers = new Map<string, KnownValues>();
  private readonly modelAnswers = new Map<string, ModelAnswers>();
  private readonly events = new Map<string, unknown>();
  private readonly seedOf = new Map<string, number>();

  constructor(private readonly sandbox: Sandbox) {}

  /** Asks the sandbox about all of these companies, under the seed that is in force. */
  async learn(seed: number, companies: readonly string[]): Promise<void> {
    const questions = [...new Set(companies)].flatMap((company) =>
      DATA_PROVIDERS.map((provider) => ({ provider, company })),
    );
    await eachOf(questions, async ({ provider, company }) => {
      this.answers.set(keyOf(seed, provider, company), await this.sandbox.answer(provider, company));
    });
  }

  /**
   * Asks the sandbox, under the seed that is in force, what the cells of this run's jobs are to hold that were made from what
   * the run itself made: answers of a model, and what happened at companies.
   */
  async learnFrom(evidence: Evidence): Promise<void> {
    const { versions, entities, columns } = evidence;
    const prompts = versions.flatMap((version) => promptsOf(version, evidence));
    const unknown = new Map(prompts.map((prompt) => [promptKey(prompt), prompt]));
    await eachOf([...unknown], async ([key, { text, options }]) => {
      this.modelAnswers.set(key, await this.sandbox.modelAnswers(text, options));
    });
    const companies = [...new Set(entities.map(({ entity }) => lookUpKeyOf(entity)))];
    for (const { id, service, config } of columns.values()) {
      if (service !== 'signals') continue;
      const { kinds, withinDays } = config as { kinds: string[]; withinDays: number };
      await eachOf(companies, async (company) => {
        this.events.set(`${id} ${company}`, await this.sandbox.latestEvent(company, kinds, withinDays));
      });
    }
  }

  /** Says under which seed a job ran. */
  ran(jobId: string, seed: number): void {
    this.seedOf.set(jobId, seed);
  }

  /** @param seed of the run; what jobs under another one made of the run's own values is not known. */
  truth(seed: number, providers: Pick<Truth, 'providersFailed' | 'providersLied'>): Truth {
    const isOfTheRun = (jobId: string): boolean => this.seedOf.get(jobId) === seed;
    return {
      ...providers,
      isOfTheRun,
      answer: (jobId, provider, company) =>
        this.answers.get(keyOf(this.seedOf.get(jobId) ?? 0, provider, company)) ?? {},
      modelAnswer: (prompt) => this.modelAnswers.get(promptKey(prompt))?.[prompt.type],
      latestEvent: (columnId, company) => this.events.get(`${columnId} ${company}`) ?? null,
    };
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const open = [...items];
  const worker = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

const keyOf = (seed: number, provider: DataProvider, company: string): string => `${seed} ${provider} ${company}`;
