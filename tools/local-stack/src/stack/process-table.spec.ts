import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stackHome } from './home.js';
import { applicationTable, serverTable, workerTable } from './process-table.js';
import { stackSettings } from './settings.js';
import { readWorkers } from './workers.js';

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

  test('has every process at its offset from UNO_PORT_BASE, the workers as their folders say', () => {
    const workers = readWorkers().map(({ service, portOffset }) => `${service}-worker:${4_000 + portOffset}`);
    expect(workers.length).toBeGreaterThan(0);
    expect(names({ UNO_PORT_BASE: '4000' })).toEqual([
      ...['postgres:4004', 'temporal:4002', 'billing:4001', 'api:4000'],
      ...['orchestrator-worker:4010', 'provider-sandbox:4005', ...workers],
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
    expect([settings.app.url, settings.billing?.url]).toEqual([env.DATABASE_URL, env.BILLING_DATABASE_URL]);
    expect(settings.temporal.address).toBe(env.TEMPORAL_ADDRESS);
  });

  test('starts no billing where the user named one, and keeps its own Postgres for the orchestrator alone', () => {
    const env = { BILLING_URL: 'https://billing.example', BILLING_KEY: 'theirs' };
    expect(names(env)).toContain('postgres:3004');
    expect(names(env)).toEqual(names({}).filter((each) => !each.startsWith('billing:')));
    expect(settingsFor(env)).toMatchObject({ billing: undefined, billingUrl: env.BILLING_URL });
    expect(settingsFor(env).secrets.billingKey).toBe('theirs');
    expect(names({ ...env, DATABASE_URL: 'postgresql://me:secret@db.example/mine' })).not.toContain('postgres:3004');
    expect(() => settingsFor({ BILLING_URL: env.BILLING_URL })).toThrow('BILLING_KEY must hold the key');
  });

  test('uses nothing that was said about another Temporal server when it runs its own', () => {
    const { temporal } = settingsFor({
      TEMPORAL_API_KEY: 'cloud-key',
      TEMPORAL_NAMESPACE: 'cloud',
      TEMPORAL_TLS: 'true',
    });
    expect(temporal).toMatchObject({ external: false, namespace: 'default' });
    expect(temporal.env).toEqual({ TEMPORAL_ADDRESS: '127.0.0.1:3002', TEMPORAL_NAMESPACE: 'default' });
  });

  test('refuses a connection string that is none, without repeating it', () => {
    expect(() => settingsFor({ DATABASE_URL: 'mysql://me:secret@db/uno' })).toThrow(
      /^DATABASE_URL is not of the form post/,
    );
    expect(() => settingsFor({ DATABASE_URL: 'mysql://me:secret@db/uno' })).not.toThrow('secret');
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
