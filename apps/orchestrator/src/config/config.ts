import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().default(3000),
  LOG_LEVEL: z.string().default('info'),
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).default(20),
  BILLING_URL: z.url(),
  BILLING_KEY: z.string().min(1),
  BILLING_TIMEOUT_SECONDS: z.coerce.number().positive().max(60).default(10),
  OPERATOR_KEY: z.string().min(16),
  TEMPORAL_UI_URL: z.url().optional(),
  HOLD_TTL_SECONDS: z.coerce
    .number()
    .int()
    .positive()
    .default(72 * 3600),
  REVERT_BUDGET_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  RECONCILE_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(3_600).default(10),
});

/** Configuration of the API and of the orchestrator worker, from the environment. */
export abstract class Config {
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly logLevel: string;
  /** The application's role: owns nothing and cannot pass by row-level security. */
  abstract readonly databaseUrl: string;
  abstract readonly databasePoolSize: number;
  abstract readonly billingUrl: string;
  abstract readonly billingKey: string;
  /** Longest that one call to billing may take, its whole answer included; then it is tried again. */
  abstract readonly billingTimeoutSeconds: number;
  /** Bearer key of the operator routes (workspaces, service keys). */
  abstract readonly operatorKey: string;
  /** Address, TLS and API key, by the variables of Temporal's environment configuration. */
  abstract readonly temporalConnection: ConnectionOptions;
  abstract readonly temporalNamespace: string;
  abstract readonly temporalUiUrl: string | undefined;
  abstract readonly holdTtlSeconds: number;
  /** How long the revert of a page at a provider may take before the job is parked. */
  abstract readonly revertBudgetSeconds: number;
  /** Between two ticks of the reconciler; a job without a workflow is taken over at the second one. */
  abstract readonly reconcileIntervalSeconds: number;
}

/** Reads the configuration once; a missing or malformed variable is one error that names each of them. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`Configuration is not usable: ${faults.join('; ')}`);
  }
  const e = parsed.data;
  return {
    host: e.HOST,
    port: e.PORT,
    logLevel: e.LOG_LEVEL,
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    billingUrl: e.BILLING_URL.replace(/\/$/, ''),
    billingKey: e.BILLING_KEY,
    billingTimeoutSeconds: e.BILLING_TIMEOUT_SECONDS,
    operatorKey: e.OPERATOR_KEY,
    ...temporalConfig(env),
    temporalUiUrl: e.TEMPORAL_UI_URL,
    holdTtlSeconds: e.HOLD_TTL_SECONDS,
    revertBudgetSeconds: e.REVERT_BUDGET_SECONDS,
    reconcileIntervalSeconds: e.RECONCILE_INTERVAL_SECONDS,
  };
}

/** The same variables, read by the same library, as the workers' connection. */
function temporalConfig(env: NodeJS.ProcessEnv): Pick<Config, 'temporalConnection' | 'temporalNamespace'> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
    disableFile: true,
    overrideEnvVars: Object.fromEntries(given),
  });
  const { address = '127.0.0.1:7233', ...others } = connectionOptions as ConnectionOptions;
  return { temporalConnection: { address, ...others }, temporalNamespace: namespace };
}
