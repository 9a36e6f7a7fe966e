/** Environment variables by which the global set-up tells the tests where the servers are. */
export const TEST_POSTGRES_URL = 'UNO_TEST_POSTGRES_URL';
export const TEST_TEMPORAL_ADDRESS = 'UNO_TEST_TEMPORAL_ADDRESS';

/**
 * The address that the global set-up published.
 *
 * @throws when the project's jest.config.js did not ask for that server.
 */
export function serverAddress(name: typeof TEST_POSTGRES_URL | typeof TEST_TEMPORAL_ADDRESS): string {
  const address = process.env[name];
  if (!address) {
    throw new Error(
      `${name} is not set: let jest.config.js spread presetWithServers({ postgres: true, temporal: true })`,
    );
  }
  return address;
}
