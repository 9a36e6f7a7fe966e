import { z } from 'zod';

/** A missing or malformed environment variable; the message names each one and never shows a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** What every process of the product reads from its environment. */
export const processEnvironment = z.object({
  /** Address to listen on: loopback unless somebody decides otherwise. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
export type ProcessEnvironment = z.infer<typeof processEnvironment>;

/** What a team's worker needs to speak with the orchestrator. */
export const workerEnvironment = processEnvironment.extend({
  ORCHESTRATOR_URL: z.url({ protocol: /^https?$/ }),
  SERVICE_KEY: z.string().min(1),
});
export type WorkerEnvironment = z.infer<typeof workerEnvironment>;

/**
 * Reads the configuration once, at start. An empty variable counts as missing, as shells and compose files leave them.
 *
 * @throws ConfigurationError in one line that names every variable at fault.
 */
export function parseEnvironment<Schema extends z.ZodType>(schema: Schema, environment = process.env): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return name in given ? `${name} is malformed (${message})` : `${name} is missing`;
  });
  throw new ConfigurationError(`Configuration: ${faults.join('; ')}`);
}
