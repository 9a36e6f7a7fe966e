export { freePort, sleep, type WaitOptions, WaitTimeoutError, waitUntil } from '@uno/local-stack';
export { openTestPool } from './open-test-pool.js';
export { SandboxProcess, type SandboxAnswer, type SandboxCall } from './sandbox-process.js';
export { startProcess, type StartProcessOptions, type TestProcess } from './start-process.js';
export { startTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export { testTemporal, type TestTemporal } from './test-temporal.js';
