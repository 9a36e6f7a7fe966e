import { describe, expect, test } from '@jest/globals';
import { parseEnvironment } from '@uno/worker-kit';
import { signalsEnvironment } from './signals-environment.js';

const REQUIRED = { PORT: '0', ORCHESTRATOR_URL: 'http://127.0.0.1:1', SERVICE_KEY: 'k', LUSHA_API_KEY: 'p' };

describe('the environment of the signals worker', () => {
  test('needs a key of the provider and has a default for everything else', () => {
    expect(parseEnvironment(signalsEnvironment, REQUIRED)).toMatchObject({
      providers: { lusha: { baseUrl: 'https://api.lusha.com', apiKey: 'p' } },
      limits: { chunkSize: 25, retryBudgetSeconds: 300 },
    });
    expect(() => parseEnvironment(signalsEnvironment, { ...REQUIRED, LUSHA_API_KEY: '' })).toThrow(
      'LUSHA_API_KEY is missing',
    );
  });
});
