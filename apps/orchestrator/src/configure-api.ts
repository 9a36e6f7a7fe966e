import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { HttpMetrics } from './health/http-metrics.js';
import { buildDocument } from './openapi/document.js';
import { serveWebPage } from './web-page/web-page.js';

/** Largest JSON body; the Page API sends the largest ones (values of a batch of cells). */
const MAX_JSON_BODY = '16mb';
/** A large import over a slow line may take its time. */
const LONGEST_REQUEST_MS = 3_600_000;

/** What stands around the routes: body limits, metrics, the OpenAPI document and its page, the built page. */
export function configureApi(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.use(app.get(HttpMetrics).observe);
  app.useBodyParser('json', { limit: MAX_JSON_BODY });
  app.getHttpServer().requestTimeout = LONGEST_REQUEST_MS;
  let document: ReturnType<typeof buildDocument> | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildDocument(app)), { jsonDocumentUrl: 'openapi.json' });
  serveWebPage(app);
}
