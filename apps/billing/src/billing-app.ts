import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BillingModule } from './billing.module.js';
import type { BillingConfig } from './config/billing.config.js';
import { requestLog } from './http/request-log.js';
import { requireJson } from './http/require-json.js';
import { schemaValidationPipe } from './http/schema-validation.pipe.js';
import { Logger } from './logging/logger.js';
import { Metrics } from './metrics/metrics.js';

/** A capture of 10,000 lines with long ids fits. */
const MAX_BODY = '10mb';

/** Builds the service; the caller decides when it listens, and closes it. */
export async function createBillingApp(config: BillingConfig): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(BillingModule.register(config), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.disable('x-powered-by');
  app.use(requestLog(logger, app.get(Metrics)));
  app.use(requireJson);
  app.useBodyParser('json', { limit: MAX_BODY });
  app.useGlobalPipes(schemaValidationPipe);
  return app;
}
