import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.js';

const REQUIRED = {
  DATABASE_URL: 'postgresql://uno_app:secret@127.0.0.1:3004/uno',
  BILLING_URL: 'http://127.0.0.1:3001/',
  BILLING_KEY: 'billing-key',
  OPERATOR_KEY: 'an-operator-key-of-some-length',
};

describe('the connection to Temporal', () => {
  test('goes to a local server in plain text when nothing is set', () => {
    expect(readConfig(REQUIRED)).toMatchObject({
      temporalConnection: { address: '127.0.0.1:7233' },
      temporalNamespace: 'default',
    });
    expect(readConfig({ ...REQUIRED, TEMPORAL_API_KEY: '' }).temporalConnection.tls).toBeFalsy();
  });

  test('follows the standard variables, an API key with TLS', () => {
    const env = {
      TEMPORAL_ADDRESS: 'eu.api.temporal.example:7233',
      TEMPORAL_NAMESPACE: 'uno.a1b2c',
      TEMPORAL_API_KEY: 'key',
    };
    expect(readConfig({ ...REQUIRED, ...env })).toMatchObject({
      temporalConnection: { address: env.TEMPORAL_ADDRESS, apiKey: 'key', tls: true },
      temporalNamespace: env.TEMPORAL_NAMESPACE,
    });
  });

  test('shows a client certificate where one is named', () => {
    const env = { TEMPORAL_TLS_CLIENT_CERT_DATA: 'a certificate', TEMPORAL_TLS_CLIENT_KEY_DATA: 'its key' };
    expect(readConfig({ ...REQUIRED, ...env }).temporalConnection.tls).toMatchObject({
      clientCertPair: { crt: Buffer.from('a certificate'), key: Buffer.from('its key') },
    });
  });
});
