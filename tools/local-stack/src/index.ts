export { ask, HttpError, type HttpReply, type HttpRequest, send } from './http.js';
export { freePort, freePortBase, isPortFree } from './network.js';
export { type ProcessExit, type ProcessSpec, type RunningProcess, startChild } from './process/running-process.js';
export { migrate, MigrationRefused } from './postgres/migrate.js';
export { connectionUrl, type DatabaseAccess, type DatabaseUrls, ensureDatabase } from './postgres/roles.js';
export {
  postgresAnswers,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from './postgres/start-postgres.js';
export { type Credentials, readCredentials } from './stack/credentials.js';
export { type LaunchedStack, type LaunchOptions, launchStack } from './stack/launch-stack.js';
export { homeDirectory } from './stack/home.js';
export { readStack } from './stack/stack-state.js';
export { type ServiceStatus } from './supervisor/service-definition.js';
export { acquireTemporalCli, type AcquireOptions, TemporalCliUnavailable } from './temporal/acquire-temporal-cli.js';
export {
  acquireTemporalServer,
  type TemporalServerPrograms,
  TemporalServerUnavailable,
} from './temporal/acquire-temporal-server.js';
export { startTemporalOnPostgres, type TemporalOnPostgresOptions } from './temporal/start-temporal-server.js';
export { startTemporal, type TemporalOptions, type TemporalServer } from './temporal/start-temporal.js';
export { sleep, type WaitOptions, WaitTimeoutError, waitUntil } from './wait-until.js';
