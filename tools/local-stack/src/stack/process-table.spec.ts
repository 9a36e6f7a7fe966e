import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stackHome } from './home.js';
import { applicationTable, serverTable, workerTable } from './process-table.js';
import { stackSettings } from './settings.js';

describe('the table of processes', () => {
  let directory: string;

  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'uno-table-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  const settingsFor = (env: NodeJS.ProcessEnv) => stackSettings(env, stackHome(directory));
  const names = (env: NodeJS.ProcessEnv) => {
    const settings = settingsFor(env);
    const temporalCli = settings.temporal.external ? undefined : 'temporal';
    const tables = [...serverTable(settings, temporalCli), ...applicationTable(settings), ...workerTable(settings)];
    return tables.map(({ name, port }) => `${name}:${port}`);
  };

  test('has every process at its offset from UNO_PORT_BASE', () => {
    expect(names({ UNO_PORT_BASE: '4000' })).toEqual([
      ...['postgres:4004', 'temporal:4002', 'billing:4001', 'api:4000'],
      ...['orchestrator-worker:4010', 'provider-sandbox:4005', 'enrich-worker:4011'],
    ]);
  });

  test('leaves out servers that the user named, and uses them', () => {
    const env = {
      DATABASE_URL: 'postgresql://me:secret@db.example:5432/mine',
      BILLING_DATABASE_URL: 'postgresql://me:secret@db.example:5432/ledger',
      TEMPORAL_ADDRESS: 'temporal.example:7233',
    };
    expect(names(env)).not.toContainEqual(expect.stringMatching(/^(postgres|temporal):/));
    const settings = settingsFor(env);
    expect(settings.app.urls.adminUrl).toBe(env.DATABASE_URL);
    expect(settings.app.urls.url).toMatch(/^postgresql:\/\/uno_app:[^@]+@db\.example:5432\/mine$/);
    expect(settings.temporal.address).toBe(env.TEMPORAL_ADDRESS);
  });

  test('refuses a port base that is not a number, by name', () => {
    expect(() => settingsFor({ UNO_PORT_BASE: 'four' })).toThrow('UNO_PORT_BASE must be a whole number');
  });

  test('keeps generated keys for the next start in a file that only its owner reads', () => {
    const first = settingsFor({});
    expect(settingsFor({}).secrets).toEqual(first.secrets);
    expect(statSync(first.home.secrets).mode & 0o777).toBe(0o600);
    expect(settingsFor({ BILLING_KEY: 'mine' }).secrets.billingKey).toBe('mine');
    expect(settingsFor({}).secrets.billingKey).toBe(first.secrets.billingKey);
  });
});
