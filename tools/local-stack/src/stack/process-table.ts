import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { postgresAnswers, preparePostgres } from '../postgres/start-postgres.js';
import type { ProcessSpec } from '../process/running-process.js';
import type { ServiceDefinition } from '../supervisor/service-definition.js';
import { temporalAnswers, temporalSpec } from '../temporal/start-temporal.js';
import { REPOSITORY_DIRECTORY } from './home.js';
import { processEnvironment, type ProcessVariables } from './process-environment.js';
import type { StackSettings } from './settings.js';
import type { WorkerDescription } from './workers.js';

const HEALTH_TIMEOUT_MS = 2_000;
/**
 * In MiB, instead of V8's 16. What a call to a provider makes lives as long as the call: in a small young generation it is
 * collected before its time, and copied, twice.
 */
const YOUNG_GENERATION = '--max-semi-space-size=32';

/** The servers that everything else needs, unless the user named servers of their own. */
export function serverTable(settings: StackSettings, temporalCli: string | undefined): ServiceDefinition[] {
  return [
    ...(settings.postgresAdminUrl ? [postgres(settings, settings.postgresAdminUrl)] : []),
    ...(temporalCli ? [temporal(settings, temporalCli)] : []),
  ];
}

/** The orchestrator's own processes, billing and the stand-ins of the providers. */
export function applicationTable(settings: StackSettings): ServiceDefinition[] {
  const { ports, secrets } = settings;
  const orchestrator = {
    DATABASE_URL: settings.app.url,
    BILLING_URL: settings.billingUrl,
    BILLING_KEY: secrets.billingKey,
    OPERATOR_KEY: secrets.operatorKey,
    TEMPORAL_UI_URL: settings.temporal.uiUrl,
    ...settings.temporal.env,
  };
  const sandbox = {
    ADMIN_PORT: `${ports.sandboxAdmin}`,
    SANDBOX_ADMIN_KEY: secrets.sandboxAdminKey,
    SANDBOX_LOG_FILE: settings.home.sandboxLog,
  };
  return [
    ...(settings.billing ? [billing(settings, settings.billing.url)] : []),
    app(settings, { name: 'api', program: 'orchestrator/dist/main.js', port: ports.api, env: orchestrator }),
    app(settings, {
      name: 'orchestrator-worker',
      program: 'orchestrator/dist/worker.js',
      port: ports.orchestratorWorker,
      env: orchestrator,
    }),
    app(settings, {
      name: 'provider-sandbox',
      program: 'provider-sandbox/dist/main.js',
      port: ports.sandbox,
      otherPorts: [ports.sandboxAdmin],
      env: sandbox,
      before: () => mkdir(dirname(settings.home.sandboxLog), { recursive: true }),
    }),
  ];
}

function billing(settings: StackSettings, databaseUrl: string): ServiceDefinition {
  const { ports, secrets } = settings;
  const env = { BILLING_DATABASE_URL: databaseUrl, BILLING_KEY: secrets.billingKey };
  return app(settings, { name: 'billing', program: 'billing/dist/main.js', port: ports.billing, env });
}

/** The teams' workers, as their folders describe them. */
export function workerTable(settings: StackSettings): ServiceDefinition[] {
  return settings.workers.map((worker) => teamsWorker(settings, worker));
}

function teamsWorker(settings: StackSettings, worker: WorkerDescription): ServiceDefinition {
  const { url, ports, secrets, temporal } = settings;
  const name = `${worker.service}-worker`;
  const accounts = worker.providers.map((provider) => sandboxAccount(provider, settings.sandboxUrl));
  return app(settings, {
    name,
    program: `${name}/dist/main.js`,
    port: ports.base + worker.portOffset,
    env: { ORCHESTRATOR_URL: url, SERVICE_KEY: secrets.serviceKeys[worker.service], ...temporal.env },
    defaults: Object.assign({}, ...accounts, worker.environment) as Record<string, string>,
  });
}

/** A provider's address and key; both can be set from outside to reach the real one. */
function sandboxAccount(provider: string, url: string): Record<string, string> {
  const prefix = provider.toUpperCase();
  return { [`${prefix}_URL`]: url, [`${prefix}_API_KEY`]: `sandbox-${provider}` };
}

interface AppOptions extends ProcessVariables {
  readonly name: string;
  /** Built entry point, below `apps/`. */
  readonly program: string;
  readonly port: number;
  readonly otherPorts?: readonly number[];
  readonly before?: () => Promise<unknown>;
}

function app(settings: StackSettings, options: AppOptions): ServiceDefinition {
  const url = `http://127.0.0.1:${options.port}`;
  return {
    name: options.name,
    port: options.port,
    url,
    otherPorts: options.otherPorts ?? [],
    async prepare(): Promise<ProcessSpec> {
      const program = join(REPOSITORY_DIRECTORY, 'apps', options.program);
      if (!existsSync(program)) throw new Error(`apps/${options.program} is not built; run "npm run build"`);
      await options.before?.();
      return {
        command: process.execPath,
        args: ['--enable-source-maps', YOUNG_GENERATION, program],
        cwd: REPOSITORY_DIRECTORY,
        env: processEnvironment(settings.env, options.port, options),
      };
    },
    isReady: async () => (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })).ok,
  };
}

function postgres(settings: StackSettings, adminUrl: string): ServiceDefinition {
  const { ports, home, secrets } = settings;
  const options = { dataDir: home.postgres, port: ports.postgres, password: secrets.postgresPassword };
  return {
    name: 'postgres',
    port: ports.postgres,
    url: `postgresql://127.0.0.1:${ports.postgres}`,
    prepare: () => preparePostgres({ ...options, settings: { max_connections: '200' } }),
    isReady: () => postgresAnswers(adminUrl),
  };
}

/** Asking for the namespace once is enough: after that a health check is a connection. */
function temporal(settings: StackSettings, cli: string): ServiceDefinition {
  const { ports, home } = settings;
  let answered = false;
  return {
    name: 'temporal',
    port: ports.temporal,
    url: settings.temporal.address,
    otherPorts: [ports.temporalUi],
    prepare: async () => {
      answered = false;
      return temporalSpec({ cli, port: ports.temporal, uiPort: ports.temporalUi, dbFile: home.temporalFile });
    },
    isReady: async () => {
      answered ||= await temporalAnswers(settings.temporal.address);
      return answered && accepts(ports.temporal);
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: HEALTH_TIMEOUT_MS });
    const answer = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
