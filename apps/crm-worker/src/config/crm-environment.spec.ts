import { describe, expect, test } from '@jest/globals';
import { parseEnvironment } from '@uno/worker-kit';
import { crmEnvironment } from './crm-environment.js';

const REQUIRED = { PORT: '0', ORCHESTRATOR_URL: 'http://127.0.0.1:1', SERVICE_KEY: 'k', HUBSPOT_API_KEY: 'p' };

describe('the environment of the CRM worker', () => {
  test('needs a key of the provider and has a default for everything else', () => {
    expect(parseEnvironment(crmEnvironment, REQUIRED)).toMatchObject({
      providers: { hubspot: { baseUrl: 'https://api.hubapi.com', apiKey: 'p' } },
      limits: { chunkSize: 100, retryBudgetSeconds: 300 },
    });
    expect(() => parseEnvironment(crmEnvironment, { ...REQUIRED, HUBSPOT_API_KEY: '' })).toThrow(
      'HUBSPOT_API_KEY is missing',
    );
  });
});
