import { describe, expect, test } from '@jest/globals';
import { parseEnvironment, workerEnvironment } from './parse-environment.js';

const COMPLETE = { PORT: '3011', ORCHESTRATOR_URL: 'http://127.0.0.1:3000', SERVICE_KEY: 'key' };

describe('the environment of a worker', () => {
  test('listens on loopback unless told otherwise', () => {
    expect(parseEnvironment(workerEnvironment, COMPLETE)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3011,
      LOG_LEVEL: 'info',
    });
  });

  test('names every variable that is missing or malformed, and shows no value', () => {
    const broken = { ...COMPLETE, SERVICE_KEY: '', ORCHESTRATOR_URL: 'hidden' };
    expect(() => parseEnvironment(workerEnvironment, broken)).toThrow(
      /^Configuration: ORCHESTRATOR_URL is malformed \((?!.*hidden).*\); SERVICE_KEY is missing$/,
    );
  });
});
