import { describe, expect, test } from '@jest/globals';
import { readConfig } from './billing.config.js';

const complete = {
  PORT: '3001',
  BILLING_DATABASE_URL: 'postgresql://uno_billing:secret@127.0.0.1:3004/billing',
  BILLING_KEY: 'a-service-key',
};

describe('the configuration', () => {
  test('listens on loopback unless told otherwise', () => {
    expect(readConfig(complete)).toMatchObject({
      host: '127.0.0.1',
      port: 3001,
      logLevel: 'info',
      expirySweepSeconds: 5,
    });
  });

  test('names every variable that is missing or malformed in one line, without its value', () => {
    expect(() => readConfig({ BILLING_DATABASE_URL: 'mysql://root:secret@db', PORT: '3001' })).toThrow(
      /^billing: BILLING_DATABASE_URL is malformed, BILLING_KEY is missing$/,
    );
  });
});
