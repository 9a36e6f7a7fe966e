import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { parseEnvironment } from './parse-environment.js';
import { serviceEnvironment } from './service-environment.js';

const schema = serviceEnvironment({
  service: 'weather',
  providers: { sky: 'https://sky.example', sea: 'https://sea.example' },
  rowsPerCall: { variable: 'WEATHER_PLACES_PER_CALL', default: 25, max: 100 },
  callsPerPage: 4,
  callsAtATime: 40,
  own: { WEATHER_UNIT: z.enum(['c', 'f']).default('c') },
});
const REQUIRED = {
  ...{ PORT: '0', ORCHESTRATOR_URL: 'http://127.0.0.1:1', SERVICE_KEY: 'key' },
  ...{ SKY_API_KEY: 'sky-key', SEA_API_KEY: 'sea-key' },
};

describe('the environment of a service', () => {
  test('needs the keys and takes the defaults of the team for everything else', () => {
    const { providers, limits, absentAfterSeconds, WEATHER_UNIT } = parseEnvironment(schema, REQUIRED);
    expect(providers.sky).toEqual({ baseUrl: 'https://sky.example', apiKey: 'sky-key', timeoutMs: 30_000 });
    expect(limits).toEqual({ chunkSize: 25, concurrency: 4, processConcurrency: 40, retryBudgetSeconds: 300 });
    expect([absentAfterSeconds, WEATHER_UNIT]).toEqual([undefined, 'c']);
  });

  test('is configured by variables that begin with the names of the service and of its providers', () => {
    const { providers, limits, absentAfterSeconds } = parseEnvironment(schema, {
      ...REQUIRED,
      ...{ SEA_URL: 'http://127.0.0.1:9', SEA_REQUESTS_PER_SECOND: '7.5', WEATHER_PLACES_PER_CALL: '1' },
      ...{ WEATHER_CALLS_PER_PAGE: '2', WEATHER_CALLS_AT_A_TIME: '3', WEATHER_CALL_TIMEOUT_SECONDS: '0.5' },
      ...{ RETRY_BUDGET_SECONDS: '6', ABSENT_AFTER_SECONDS: '90' },
    });
    expect(providers.sea).toEqual({
      ...{ baseUrl: 'http://127.0.0.1:9', apiKey: 'sea-key', timeoutMs: 500, requestsPerSecond: 7.5 },
    });
    expect(providers.sky).not.toHaveProperty('requestsPerSecond');
    expect(limits).toEqual({ chunkSize: 1, concurrency: 2, processConcurrency: 3, retryBudgetSeconds: 6 });
    expect(absentAfterSeconds).toBe(90);
  });

  test('names what is missing or malformed, and never a value', () => {
    const wrong = { ...REQUIRED, SEA_API_KEY: '', SKY_URL: 'secret-value', WEATHER_CALLS_PER_PAGE: '0' };
    const parse = (): unknown => parseEnvironment(schema, wrong);
    expect(parse).toThrow(/SEA_API_KEY is missing/);
    expect(parse).toThrow(/SKY_URL is malformed/);
    expect(parse).toThrow(/WEATHER_CALLS_PER_PAGE is malformed/);
    expect(parse).not.toThrow(/secret-value/);
  });
});
