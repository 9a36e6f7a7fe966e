import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { ApiServer } from './api-server.js';
import { LIST } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';

/** A stand-in of the API for the tests of one file, anew for each of them, and the command line that speaks to it. */
export function useApi(prepare: (api: ApiServer) => void = () => undefined) {
  const api = new ApiServer();
  beforeAll(() => api.start());
  afterAll(() => api.stop());
  beforeEach(() => {
    api.reset();
    api.on('GET /v1/lists', { json: { items: [LIST], nextCursor: null } });
    prepare(api);
  });
  const uno = (...argv: string[]): Promise<Run> => runCli(argv, { env: { UNO_URL: api.url, UNO_API_KEY: 'key' } });
  return { api, uno };
}
