import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serveWebPage } from '../src/web-page/web-page.js';

@Module({})
class NoRoutes {}

let directory: string;
let app: NestExpressApplication;
let url: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Uno</title>');
  writeFileSync(join(directory, 'assets', 'main-1a2b.js'), 'export {};');
  app = await NestFactory.create<NestExpressApplication>(NoRoutes, { logger: false });
  serveWebPage(app, directory);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

describe('the built page', () => {
  test.each(['/', '/lists/lst_1'])(
    'answers at %s, never from a cache, and may load only what is its own',
    async (path) => {
      const reply = await fetch(url + path);
      expect(await reply.text()).toContain('Uno');
      expect(reply.headers.get('cache-control')).toBe('no-cache');
      const policy = reply.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('http');
    },
  );

  test('has assets that are cached for ever', async () => {
    const reply = await fetch(`${url}/assets/main-1a2b.js`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toContain('immutable');
  });

  test.each(['/v1/nothing', '/internal/v1/nothing', '/assets/gone.js', '/health/none'])(
    'does not answer for %s',
    async (path) => {
      expect((await fetch(url + path)).status).toBe(404);
    },
  );

  test('does not answer a POST', async () => {
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });
});
