import express from 'express';
import type { Express } from 'express';
import { jsonFailure } from '../admin/problem.js';
import type { SandboxMetrics } from '../metrics.js';
import type { Sandbox } from '../sandbox.js';
import { ProviderCall } from './provider-call.js';

/** The port the product talks to: every provider's routes, and this process's health and metrics. */
export function providerServer(sandbox: Sandbox, metrics: SandboxMetrics): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/health/live', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/health/ready', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  const readBody = express.raw({ type: () => true, limit: '5mb' });
  for (const provider of sandbox.providers.values()) {
    for (const route of provider.api.routes) {
      app.post(route.path, readBody, async (request, response) => {
        await new ProviderCall(sandbox, metrics, provider, route, { request, response }).handle();
      });
    }
  }
  app.use((_request, response) => void response.status(404).json({ message: 'Not found' }));
  app.use(jsonFailure);
  return app;
}
