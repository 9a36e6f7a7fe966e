import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { enrichService } from '@uno/enrich-contract';
import { freePort, waitUntil } from '@uno/testing';
import { assertBundleBoundary, bundledModules, type WorkerBench } from '@uno/worker-kit/testing';
import { startBench } from './worker-bench.js';

describe('the start of the enrich worker', () => {
  let bench: WorkerBench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(async () => {
    await bench.stop();
  });

  afterEach(async () => {
    await bench.killWorkers();
  });

  test('waits for an orchestrator that comes later, then registers its service and repeats it as its sign of life', async () => {
    await bench.api.stop();
    const worker = await bench.startWorker({}, 'live');
    const ready = (): Promise<Response> => fetch(`${worker.url}/health/ready`);
    await waitUntil(async () => (await (await ready()).text()).includes('registration'), { what: 'it to wait' });
    await bench.api.start();
    await waitUntil(async () => (await ready()).ok, { what: 'the worker to be ready' });
    expect(bench.api.registrations.at(-1)).toEqual(enrichService.registration);
    const soFar = bench.api.registrations.length;
    await waitUntil(() => bench.api.registrations.length > soFar, { what: 'the sign of life', timeoutMs: 40_000 });
  });

  test('waits for a Temporal server that is not there and still ends when it is told to', async () => {
    const worker = await bench.startWorker({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` }, 'live');
    await waitUntil(() => worker.output().includes('Temporal is not reachable yet'), { what: 'it to say so' });
    expect((await fetch(`${worker.url}/health/ready`)).status).toBe(503);
    expect(await worker.kill('SIGTERM')).toMatchObject({ code: 0 });
  });

  test('says in one line which variables are missing or malformed, and never their values', async () => {
    const failure = await bench
      .startWorker({ SERVICE_KEY: '', PDL_URL: 'secret-value' })
      .catch((error: unknown) => (error as Error).message);
    expect(failure).toContain('SERVICE_KEY is missing');
    expect(failure).toContain('PDL_URL is malformed');
    expect(failure).not.toContain('secret-value');
  });

  test('runs a bundle of workflow code alone', async () => {
    const code = await readFile(new URL('../dist/workflow-bundle.js', import.meta.url), 'utf8');
    expect(() => assertBundleBoundary(code)).not.toThrow();
    expect(bundledModules(code).some((name) => name.includes('workflow-contracts'))).toBe(true);
  });
});
