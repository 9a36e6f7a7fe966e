import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Where the build of `apps/web` is, seen from this file in `dist/web-page` as well as in `src/web-page`. */
const BUILT_PAGE = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

// The page loads nothing from elsewhere. Inline styles are how the grid places its virtual rows.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const OTHER_ROUTES = /^\/(v1|internal|docs|openapi\.json|health|metrics|socket\.io)(\/|$)/;

/**
 * Serves the built page, when there is one: hashed assets for ever, the document never from a cache. Paths that are no
 * file and no route of the API are the page's own.
 */
export function serveWebPage(app: NestExpressApplication, directory = BUILT_PAGE): void {
  const document = join(directory, 'index.html');
  if (!existsSync(document)) return;
  app.useStaticAssets(join(directory, 'assets'), { prefix: '/assets/', immutable: true, maxAge: '365d', index: false });
  app.useStaticAssets(directory, { index: false, maxAge: 0 });
  app.use((request: Request, response: Response, next: NextFunction): void => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads || OTHER_ROUTES.test(request.path) || extname(request.path) !== '') {
      next();
      return;
    }
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.sendFile(document);
  });
}
