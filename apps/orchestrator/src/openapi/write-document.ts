import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { ApiModule } from '../api.module.js';
import { buildDocument } from './document.js';

const TARGET = new URL('../../../../libs/api-client/openapi.json', import.meta.url);

// In preview mode nothing is instantiated, so no server is needed.
const app = await NestFactory.create(ApiModule, { preview: true, abortOnError: false, logger: ['error'] });
writeFileSync(TARGET, `${JSON.stringify(buildDocument(app), null, 2)}\n`);
process.stdout.write(`Wrote ${fileURLToPath(TARGET)}\n`);
