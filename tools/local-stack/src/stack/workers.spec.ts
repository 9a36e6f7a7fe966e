import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readWorkers } from './workers.js';

describe('the workers of a checkout', () => {
  let apps: string;

  beforeEach(() => void (apps = mkdtempSync(join(tmpdir(), 'uno-apps-'))));
  afterEach(() => rmSync(apps, { recursive: true }));

  function folder(name: string, description?: unknown): void {
    mkdirSync(join(apps, name));
    if (description === undefined) return;
    writeFileSync(join(apps, name, 'local-stack.json'), JSON.stringify(description));
  }

  test('are those whose folders describe one, by their ports', () => {
    folder('web');
    folder('late-worker', { portOffset: 20, providers: ['late'], environment: { LATE_BY: '1' } });
    folder('early-worker', { portOffset: 15, sampleColumns: { company: [{ name: 'Early', config: { by: 1 } }] } });
    folder('started-by-hand-worker');
    expect(readWorkers(apps)).toEqual([
      {
        ...{ service: 'early', portOffset: 15, providers: [], environment: {} },
        sampleColumns: { company: [{ name: 'Early', config: { by: 1 } }], contact: [] },
      },
      {
        ...{ service: 'late', portOffset: 20, providers: ['late'], environment: { LATE_BY: '1' } },
        sampleColumns: { company: [], contact: [] },
      },
    ]);
  });

  test('are refused, with the file, where a description is none', () => {
    folder('odd-worker', { portOffset: 3, environment: { ODD: 1 } });
    expect(() => readWorkers(apps)).toThrow(/odd-worker.local-stack\.json does not describe a worker: .*portOffset/s);
  });

  test('are refused where two want the same port', () => {
    folder('one-worker', { portOffset: 15 });
    folder('two-worker', { portOffset: 15 });
    expect(() => readWorkers(apps)).toThrow('The workers of one and two want the same portOffset, 15');
  });
});
