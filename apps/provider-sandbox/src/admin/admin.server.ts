import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import type { z } from 'zod';
import type { Fault } from '../faults/fault.js';
import { faultsSchema } from '../faults/fault.js';
import { routePath } from '../faults/fault-book.js';
import type { ProviderName } from '../providers/provider-api.js';
import type { Provider, Sandbox } from '../sandbox.js';
import { callsQuery, clockBody, crmRecordsQuery, latencyBody, limitsBody, resetBody } from './admin.schemas.js';
import { answersQuery, expectedAnswer } from './answers.js';
import { invalid, jsonFailure, sendProblem, unprocessable } from './problem.js';

/** The port a checker talks to; the product never does. */
export function adminServer(sandbox: Sandbox, adminKey: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(requireKey(adminKey));
  app.use(express.json({ limit: '1mb' }));

  app.get('/admin/calls', async (request, response) => {
    const query = parsed(callsQuery, request.query, response);
    if (!query) return;
    const items = await sandbox.log.since(query.since, query.limit);
    response.json({ items, next: items.at(-1)?.seq ?? query.since });
  });

  app.get('/admin/faults', (_request, response) => void response.json({ items: sandbox.faults.report() }));
  app.put('/admin/faults', (request, response) => {
    const faults = parsed(faultsSchema, request.body, response);
    if (!faults) return;
    const errors = faults.flatMap((fault, index) =>
      unknownToProvider(providerOf(sandbox, fault.provider), fault, index),
    );
    if (errors.length > 0) {
      sendProblem(response, unprocessable(errors, 'not_supported'));
      return;
    }
    sandbox.setFaults(faults);
    response.json({ items: sandbox.faults.report() });
  });
  app.delete('/admin/faults', (_request, response) => {
    sandbox.setFaults([]);
    response.status(204).end();
  });

  app.put('/admin/latency', (request, response) => {
    const body = parsed(latencyBody, request.body, response);
    if (!body) return;
    providerOf(sandbox, body.provider).latency = { p50Ms: body.p50Ms, p99Ms: body.p99Ms };
    response.json(body);
  });

  app.put('/admin/limits', (request, response) => {
    const body = parsed(limitsBody, request.body, response);
    if (!body) return;
    providerOf(sandbox, body.provider).limiter.setLimit(body.requestsPerSecond);
    response.json(body);
  });

  app.put('/admin/clock', (request, response) => {
    const body = parsed(clockBody, request.body, response);
    if (!body) return;
    sandbox.clock.setRate(body.rate);
    response.json({ ...body, now: new Date(sandbox.clock.now()).toISOString() });
  });

  app.get('/admin/answers', (request, response) => {
    const query = parsed(answersQuery, request.query, response);
    if (query) response.json(expectedAnswer(sandbox, query));
  });
  // For a prompt or a schema that is too long for an address.
  app.post('/admin/answers', (request, response) => {
    const query = parsed(answersQuery, request.body, response);
    if (query) response.json(expectedAnswer(sandbox, query));
  });

  app.get('/admin/crm/records', (request, response) => {
    const query = parsed(crmRecordsQuery, request.query, response);
    if (!query) return;
    const items = sandbox.crm.list(query);
    response.json({ items, next: Number(items.at(-1)?.id ?? query.after) });
  });

  app.post('/admin/reset', (request, response) => {
    const body = parsed(resetBody, request.body, response);
    if (!body) return;
    sandbox.reset(body.seed);
    response.json(body);
  });

  app.use((_request, response) => {
    sendProblem(response, { status: 404, title: 'Not Found', detail: 'There is no such route.', code: 'not_found' });
  });
  app.use(jsonFailure);
  return app;
}

function requireKey(adminKey: string) {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${adminKey}`);
  return (request: Request, response: Response, next: NextFunction): void => {
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) {
      next();
      return;
    }
    const detail = 'Send the sandbox admin key as a bearer token.';
    sendProblem(response, { status: 401, title: 'Unauthorized', detail, code: 'unauthorized' });
  };
}

/** @returns undefined after a 422 was sent. */
function parsed<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  response: Response,
): z.output<Schema> | undefined {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  sendProblem(response, invalid(result.error));
  return undefined;
}

/** A fault on a route, with an item code or in a part that the provider does not have would never hit, and a test with it would show nothing. */
function unknownToProvider({ api }: Provider, fault: Fault, index: number): { pointer: string; detail: string }[] {
  const routes = api.routes.map(({ path }) => path);
  if (fault.route !== undefined && !routes.includes(routePath(fault.route))) {
    return [{ pointer: `/${index}/route`, detail: `${api.name} has the routes ${routes.join(', ')}` }];
  }
  if (fault.fault === 'item_error' && !api.itemErrors.includes(fault.params.code)) {
    return [{ pointer: `/${index}/params/code`, detail: `${api.name} has the codes ${api.itemErrors.join(', ')}` }];
  }
  const part = fault.fault === 'wrong_schema' ? fault.params.part : undefined;
  if (part !== undefined && !api.wrongParts.includes(part)) {
    return [{ pointer: `/${index}/params/part`, detail: `${api.name} has the parts ${api.wrongParts.join(', ')}` }];
  }
  return [];
}

function providerOf(sandbox: Sandbox, name: ProviderName): Provider {
  const provider = sandbox.providers.get(name);
  if (!provider) throw new Error(`provider ${name} is not set up`);
  return provider;
}
