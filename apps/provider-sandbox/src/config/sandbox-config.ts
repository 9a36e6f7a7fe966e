import { z } from 'zod';
import { PROVIDER_NAMES } from '../providers/provider-api.js';

const port = z.coerce.number().int().min(0).max(65_535);

const keys = z
  .string()
  .default('{}')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.partialRecord(z.enum(PROVIDER_NAMES), z.string().min(1)));

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port,
  ADMIN_PORT: port,
  SANDBOX_ADMIN_KEY: z.string().min(1),
  SANDBOX_LOG_FILE: z.string().min(1),
  SANDBOX_SEED: z.string().min(1).default('1'),
  SANDBOX_KEYS: keys,
});

export interface SandboxConfig {
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly adminKey: string;
  readonly logFile: string;
  readonly seed: string;
  /** The key each provider accepts; `sandbox-<provider>` where none was configured. */
  readonly providerKeys: ReadonlyMap<string, string>;
}

/**
 * Reads the configuration once, at start.
 *
 * @throws Error with one line that names every missing or malformed variable, without its value.
 */
export function readSandboxConfig(env: NodeJS.ProcessEnv): SandboxConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
    throw new Error(`configuration: ${faults.join('; ')}`);
  }
  const { data } = parsed;
  return {
    host: data.HOST,
    port: data.PORT,
    adminPort: data.ADMIN_PORT,
    adminKey: data.SANDBOX_ADMIN_KEY,
    logFile: data.SANDBOX_LOG_FILE,
    seed: data.SANDBOX_SEED,
    providerKeys: new Map(PROVIDER_NAMES.map((name) => [name, data.SANDBOX_KEYS[name] ?? `sandbox-${name}`])),
  };
}
