import { z } from 'zod';

const schema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  BILLING_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  BILLING_KEY: z.string().min(8),
  EXPIRY_SWEEP_SECONDS: z.coerce.number().positive().max(3_600).default(5),
});

/** What the service is told at its start. A class, so that it is also the token under which it is injected. */
export class BillingConfig {
  constructor(
    /** Address to listen on. */
    readonly host: string,
    readonly port: number,
    readonly logLevel: z.infer<typeof schema>['LOG_LEVEL'],
    /** Connection string of the role `uno_billing`. Secret. */
    readonly databaseUrl: string,
    /** The key that every caller must send. Secret. */
    readonly serviceKey: string,
    /** Seconds between two looks for holds that expired on accounts which nobody touches. */
    readonly expirySweepSeconds: number,
  ) {}
}

/**
 * Reads the configuration from the environment.
 * @throws Error with one line that names each missing or malformed variable, never its value.
 */
export function readConfig(environment: NodeJS.ProcessEnv): BillingConfig {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return environment[name] === undefined ? `${name} is missing` : `${name} is malformed`;
    });
    throw new Error(`billing: ${complaints.join(', ')}`);
  }
  const { HOST, PORT, LOG_LEVEL, BILLING_DATABASE_URL, BILLING_KEY, EXPIRY_SWEEP_SECONDS } = parsed.data;
  return new BillingConfig(HOST, PORT, LOG_LEVEL, BILLING_DATABASE_URL, BILLING_KEY, EXPIRY_SWEEP_SECONDS);
}
