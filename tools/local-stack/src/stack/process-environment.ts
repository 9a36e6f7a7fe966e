/** What may stand in the user's environment and is no business of most processes: it comes from the stack, or not at all. */
const NOT_INHERITED = [
  ...['HOST', 'PORT', 'ADMIN_PORT', 'DATABASE_URL', 'DATABASE_ADMIN_URL'],
  ...['BILLING_DATABASE_URL', 'BILLING_DATABASE_ADMIN_URL', 'BILLING_URL', 'BILLING_KEY', 'OPERATOR_KEY'],
  ...['SERVICE_KEY', 'SANDBOX_ADMIN_KEY', 'SANDBOX_LOG_FILE'],
];

/** Among them an API key. */
const TEMPORAL_VARIABLE = /^TEMPORAL_/;

/** A process' own variables. */
export interface ProcessVariables {
  /** Set by the stack, whatever the user's environment says. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Used where the user's environment says nothing else. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** The whole environment of an application's process. */
export function processEnvironment(
  usersEnvironment: NodeJS.ProcessEnv,
  port: number,
  { env, defaults }: ProcessVariables,
): Record<string, string | undefined> {
  const inherited = Object.entries(usersEnvironment).filter(
    ([name]) => !NOT_INHERITED.includes(name) && !TEMPORAL_VARIABLE.test(name),
  );
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    ...defaults,
    ...Object.fromEntries(inherited),
    ...env,
    HOST: '127.0.0.1',
    PORT: `${port}`,
  };
}
