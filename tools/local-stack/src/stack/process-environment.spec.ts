import { describe, expect, test } from '@jest/globals';
import { processEnvironment } from './process-environment.js';

describe('the environment of a process', () => {
  const stack = { env: { SERVICE_KEY: 'ours', OPTIONAL: undefined }, defaults: { LUSHA_API_KEY: 'sandbox-lusha' } };

  test('prefers what the user set over the defaults of the stack', () => {
    const env = processEnvironment({ LUSHA_API_KEY: 'real', RETRY_BUDGET_SECONDS: '5' }, 3011, stack);
    expect(env).toMatchObject({ LUSHA_API_KEY: 'real', RETRY_BUDGET_SECONDS: '5', PORT: '3011' });
    expect(processEnvironment({}, 3011, stack)).toMatchObject({ LUSHA_API_KEY: 'sandbox-lusha', LOG_LEVEL: 'info' });
  });

  test('listens on loopback at its own port whatever the shell exports', () => {
    expect(processEnvironment({ HOST: '0.0.0.0', PORT: '80' }, 3011, stack)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: '3011',
    });
  });

  test('holds no connection string or key that is meant for another process', () => {
    const users = { DATABASE_URL: 'postgresql://a', BILLING_KEY: 'b', OPERATOR_KEY: 'c', SERVICE_KEY: 'd' };
    const env = processEnvironment(users, 3011, stack);
    expect(env).toMatchObject({ SERVICE_KEY: 'ours' });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['DATABASE_URL']));
    expect([env['BILLING_KEY'], env['OPERATOR_KEY']]).toEqual([undefined, undefined]);
  });

  test('says how to reach Temporal to a process only where the stack does', () => {
    const users = { TEMPORAL_ADDRESS: 'cloud.example:7233', TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'true' };
    expect(Object.keys(processEnvironment(users, 3001, stack)).filter((name) => name.startsWith('TEMPORAL'))).toEqual(
      [],
    );
    const worker = { env: { TEMPORAL_ADDRESS: users.TEMPORAL_ADDRESS, TEMPORAL_API_KEY: 'key' } };
    expect(processEnvironment(users, 3011, worker)).toMatchObject(worker.env);
  });
});
