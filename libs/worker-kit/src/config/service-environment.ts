import { z } from 'zod';
import type { PageLimits } from '../page/page-limits.js';
import type { ProviderAccountConfig } from '../provider/provider-account.js';
import { workerEnvironment, type WorkerEnvironment } from './parse-environment.js';

/** What a team says about its service's configuration: names and defaults. */
export interface ServiceVariables<Provider extends string, Own extends z.ZodRawShape> {
  /** The service's id; in capitals, what its variables begin with. */
  readonly service: string;
  /** The address of each provider, by its name; in capitals, what the variables of its account begin with. */
  readonly providers: Readonly<Record<Provider, string>>;
  /** Rows of one call, where a call takes several: the variable that sets it, its default and the provider's limit. */
  readonly rowsPerCall?: { readonly variable: string; readonly default: number; readonly max: number };
  /** Default of `<SERVICE>_CALLS_PER_PAGE`: calls of one page at a time. */
  readonly callsPerPage: number;
  /** Default of `<SERVICE>_CALLS_AT_A_TIME`: calls at a time of all pages that the process runs. */
  readonly callsAtATime: number;
  /** Default of `<SERVICE>_CALL_TIMEOUT_SECONDS`: for one call, from its start to the last byte of its answer. */
  readonly callTimeoutSeconds?: number;
  /** Variables that no other service has. */
  readonly own?: Own;
}

/** What a service's worker is configured with. */
export interface ServiceEnvironment<Provider extends string = string> extends WorkerEnvironment {
  readonly providers: Readonly<Record<Provider, ProviderAccountConfig>>;
  readonly limits: Required<PageLimits>;
  /** How long a job may wait for this service's workers; what the service's contract says when absent. */
  readonly absentAfterSeconds?: number;
}

const CALL_TIMEOUT_SECONDS = 30;
const httpUrl = z.url({ protocol: /^https?$/ });
const count = (max: number, standard: number) => z.coerce.number().int().min(1).max(max).default(standard);

/**
 * The schema of a service's environment, read once at start by `runWorkerApp`. Each team configures by its own variables
 * `<PROVIDER>_URL`, `<PROVIDER>_API_KEY`, `<PROVIDER>_REQUESTS_PER_SECOND`, `<SERVICE>_CALLS_PER_PAGE`,
 * `<SERVICE>_CALLS_AT_A_TIME`, `<SERVICE>_CALL_TIMEOUT_SECONDS`, `RETRY_BUDGET_SECONDS` and `ABSENT_AFTER_SECONDS`.
 */
export function serviceEnvironment<Provider extends string, Own extends z.ZodRawShape = Record<never, never>>(
  variables: ServiceVariables<Provider, Own>,
): z.ZodType<ServiceEnvironment<Provider> & z.infer<z.ZodObject<Own>>> {
  const prefix = variables.service.toUpperCase();
  const names = Object.keys(variables.providers) as Provider[];
  const { rowsPerCall } = variables;
  const shape = {
    ...variables.own,
    ...Object.fromEntries(names.flatMap((name) => Object.entries(accountVariables(name, variables.providers[name])))),
    ...(rowsPerCall && { [rowsPerCall.variable]: count(rowsPerCall.max, rowsPerCall.default) }),
    [`${prefix}_CALLS_PER_PAGE`]: count(1_000, variables.callsPerPage),
    [`${prefix}_CALLS_AT_A_TIME`]: count(10_000, variables.callsAtATime),
    [`${prefix}_CALL_TIMEOUT_SECONDS`]: z.coerce
      .number()
      .positive()
      .max(600)
      .default(variables.callTimeoutSeconds ?? CALL_TIMEOUT_SECONDS),
    /** How long a provider may fail, from its first failure since a success, before it counts as down for the page. */
    RETRY_BUDGET_SECONDS: z.coerce.number().positive().max(86_400).default(300),
    ABSENT_AFTER_SECONDS: z.coerce.number().int().positive().optional(),
  };
  return workerEnvironment.extend(shape).transform((parsed) => {
    const all: Readonly<Record<string, unknown>> = parsed;
    const numberOf = (name: string): number => all[name] as number;
    const timeoutMs = numberOf(`${prefix}_CALL_TIMEOUT_SECONDS`) * 1_000;
    const absentAfterSeconds = all['ABSENT_AFTER_SECONDS'] as number | undefined;
    return {
      ...parsed,
      providers: Object.fromEntries(names.map((name) => [name, { ...accountIn(all, name), timeoutMs }])),
      limits: {
        chunkSize: rowsPerCall ? numberOf(rowsPerCall.variable) : 1,
        concurrency: numberOf(`${prefix}_CALLS_PER_PAGE`),
        processConcurrency: numberOf(`${prefix}_CALLS_AT_A_TIME`),
        retryBudgetSeconds: numberOf('RETRY_BUDGET_SECONDS'),
      },
      ...(absentAfterSeconds !== undefined && { absentAfterSeconds }),
    };
  }) as unknown as z.ZodType<ServiceEnvironment<Provider> & z.infer<z.ZodObject<Own>>>;
}

function accountVariables(name: string, url: string): z.ZodRawShape {
  const prefix = name.toUpperCase();
  return {
    [`${prefix}_URL`]: httpUrl.default(url),
    [`${prefix}_API_KEY`]: z.string().min(1),
    /** Calls per second that the account allows, over all replicas. */
    [`${prefix}_REQUESTS_PER_SECOND`]: z.coerce.number().positive().max(100_000).optional(),
  };
}

function accountIn(all: Readonly<Record<string, unknown>>, name: string): ProviderAccountConfig {
  const prefix = name.toUpperCase();
  const requestsPerSecond = all[`${prefix}_REQUESTS_PER_SECOND`] as number | undefined;
  return {
    baseUrl: all[`${prefix}_URL`] as string,
    apiKey: all[`${prefix}_API_KEY`] as string,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  };
}
