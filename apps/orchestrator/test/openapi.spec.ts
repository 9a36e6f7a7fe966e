import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { ApiModule } from '../src/api.module.js';
import { buildDocument } from '../src/openapi/document.js';
import { OPERATOR_KEY, startApi } from './api-fixture.js';
import type { ApiFixture } from './api-fixture.js';

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Operation = Readonly<{ operationId: string; responses: Record<string, { content?: Record<string, unknown> }> }>;
const operations = (document: { paths: Record<string, object> }): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, Operation] => [
      method.toUpperCase(),
      path,
      operation as Operation,
    ]),
  );

describe('the OpenAPI document', () => {
  test('is served, with a page, and is the one from which the client was generated', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const committed = readFileSync(new URL('../../../libs/api-client/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(body);
    const preview = await NestFactory.create(ApiModule, { preview: true, logger: false });
    expect(JSON.parse(JSON.stringify(buildDocument(preview)))).toEqual(body);
    const page = await api.call('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.body).toContain('swagger-ui');
  });

  test('types every answer and refers to nothing that it lacks', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    for (const [method, path, { operationId, responses }] of operations(body)) {
      const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
      const typed = success?.[0] === '204' || success?.[1].content !== undefined;
      expect([method, path, operationId !== '', typed]).toEqual([method, path, true, true]);
    }
    const referred = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining([...new Set(referred)]));
    expect(Object.keys(body.components.schemas).filter((name) => name.startsWith('__'))).toEqual([]);
    expect(new Set(operations(body).map(([, , { operationId }]) => operationId)).size).toBe(operations(body).length);
  });

  test('names routes that are all closed without a key', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    expect(operations(body).length).toBeGreaterThan(20);
    for (const [method, path] of operations(body)) {
      const reply = await api.call(method, path.replaceAll(/\{\w+\}/g, 'x'));
      expect([method, path, reply.status]).toEqual([method, path, 401]);
    }
  });
});

describe('routes that are not in the document', () => {
  test('of workers and of the operator take no workspace key, nor each other’s', async () => {
    const { apiKey } = await api.workspace();
    for (const key of [undefined, apiKey, OPERATOR_KEY]) {
      const reply = await api.call(
        'GET',
        '/internal/v1/jobs/j/pages/0/steps/0?fence=0',
        key === undefined ? {} : { key },
      );
      expect(reply.status).toBe(401);
    }
    for (const path of ['/internal/v1/workspaces', '/internal/v1/services/x/key']) {
      const method = path.endsWith('key') ? 'PUT' : 'POST';
      expect((await api.call(method, path, { key: apiKey, body: {} })).status).toBe(401);
      expect((await api.call(method, path, { key: OPERATOR_KEY, body: {} })).status).toBe(422);
    }
  });

  test('of health and metrics need no key', async () => {
    expect((await api.call('GET', '/health/live')).body).toEqual({ status: 'ok' });
    expect((await api.call('GET', '/health/ready')).body).toEqual({ status: 'ok' });
    expect((await api.call('GET', '/metrics')).body).toContain('uno_http_request_duration_seconds');
  });

  test('set a service key anew, and refuse one that another service has', async () => {
    const set = (id: string, key: string) =>
      api.call('PUT', `/internal/v1/services/${id}/key`, { key: OPERATOR_KEY, body: { key } });
    expect((await set('first', 'first-service-key')).status).toBe(204);
    expect((await set('first', 'first-service-key')).status).toBe(204);
    expect(await set('second', 'first-service-key')).toMatchObject({
      status: 409,
      body: { code: 'service_key_in_use' },
    });
    expect((await set('first', 'other-service-key')).status).toBe(204);
    expect((await set('second', 'first-service-key')).status).toBe(204);
    const stored = await api.admin<{ hash: string }>('select hash from service_key');
    expect(stored.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });
});
