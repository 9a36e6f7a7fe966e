import { describe, expect, test } from '@jest/globals';
import { parseEnvironment } from '@uno/worker-kit';
import { aiEnvironment } from './ai-environment.js';

const REQUIRED = { PORT: '0', ORCHESTRATOR_URL: 'http://127.0.0.1:1', SERVICE_KEY: 'k', OPENAI_API_KEY: 'p' };

describe('the environment of the AI worker', () => {
  test('needs a key of the provider and has a default for everything else', () => {
    expect(parseEnvironment(aiEnvironment, REQUIRED)).toMatchObject({
      providers: { openai: { baseUrl: 'https://api.openai.com', apiKey: 'p' } },
      limits: { chunkSize: 1, retryBudgetSeconds: 300 },
    });
    expect(() => parseEnvironment(aiEnvironment, { ...REQUIRED, OPENAI_API_KEY: '' })).toThrow(
      'OPENAI_API_KEY is missing',
    );
  });
});
