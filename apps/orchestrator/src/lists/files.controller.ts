import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ForWorkspace, Workspace } from '../auth/auth.decorators.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.decorator.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import { ProblemError, csvExpected } from '../problems/problem.error.js';
import { MAX_FILE_BYTES, fileTooLarge } from './csv/csv-bytes.js';
import { ExportService } from './export.service.js';
import type { ImportReport } from './import.schema.js';
import { importReport } from './import.schema.js';
import { ImportService } from './import.service.js';
import type { ListPath } from './list.schema.js';
import { listPath } from './list.schema.js';

const LONGEST_STANDSTILL_MS = 300_000;
const READABLE_CHARSETS = ['utf-8', 'utf8', 'us-ascii'];

/** CSV files in and out. */
@Controller('v1/lists/:listId')
@ForWorkspace()
export class FilesController {
  constructor(
    private readonly imports: ImportService,
    private readonly exports: ExportService,
  ) {}

  @Post('import')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string' }, required: true })
  @ApiRoute({
    summary: 'Import a CSV file',
    description:
      'Streamed. Header names become attributes. A broken line is rejected and the rest imported; a broken transfer ' +
      'imports nothing. Limits: 1 GiB, 1 MiB a line, 64 KiB a cell, 256 columns.',
    response: importReport,
    errors: [413, 415],
    idempotent: true,
  })
  async importFile(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @IdempotencyKey() key: string | undefined,
    @Req() request: Request,
  ): Promise<ImportReport> {
    if (!isPlainCsv(request)) throw csvExpected();
    if (Number(request.headers['content-length']) > MAX_FILE_BYTES) throw fileTooLarge();
    return this.imports.import({ workspaceId, listId }, complete(request), key);
  }

  @Get('export.csv')
  @ApiRoute({
    summary: 'The grid as CSV',
    description: 'Attributes, then columns; safe to open in a spreadsheet.',
    contentType: 'text/csv',
  })
  async exportFile(
    @Workspace() workspaceId: string,
    @Param({ schema: listPath }) { listId }: ListPath,
    @Res() response: Response,
  ): Promise<void> {
    const { fileName, lines } = await this.exports.export({ workspaceId, listId });
    response.setHeader('Content-Type', 'text/csv; charset=utf-8');
    response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
    response.setHeader('Cache-Control', 'no-store');
    // A reader that stands still keeps a socket and a portion of the file; it holds no connection to the database.
    response.setTimeout(LONGEST_STANDSTILL_MS);
    // A client that hangs up is no failure of ours.
    await pipeline(Readable.from(lines), response).catch((error: unknown) => {
      if (!response.destroyed) throw error;
    });
  }
}

function isPlainCsv({ headers }: Request): boolean {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => /^charset="?([^"]*)"?$/.exec(parameter.trim())?.[1]).find(Boolean);
  return (
    type.trim() === 'text/csv' &&
    (charset === undefined || READABLE_CHARSETS.includes(charset)) &&
    (headers['content-encoding'] ?? 'identity') === 'identity'
  );
}

/**
 * The body, refusing to end where the transfer broke off. A reader that has seen enough need not take the rest: it is
 * thrown away as it comes, since a connection that is cut while the client still sends would cost it the answer.
 */
async function* complete(request: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } finally {
    request.resume();
  }
  if (!request.complete)
    throw new ProblemError(400, 'transfer_broken', 'The transfer broke off. Nothing was imported.');
}
