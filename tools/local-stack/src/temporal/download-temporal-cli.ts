import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { TEMPORAL_CLI_VERSION } from './temporal-version.js';

const ANSWER_TIMEOUT_MS = 10_000;
const DOWNLOAD_TIMEOUT_MS = 600_000;
const run = promisify(execFile);

/**
 * Downloads the CLI from its vendor, from the address that Temporal's own SDKs use.
 *
 * @param target path of the program; it appears there complete or not at all.
 * @throws within seconds where the vendor is not reachable.
 */
export async function downloadTemporalCli(target: string, onProgress: (message: string) => void): Promise<void> {
  const { archiveUrl, fileToExtract } = await askVendor();
  const directory = await mkdtemp(join(dirname(target), 'download-'));
  try {
    const archive = join(directory, 'archive.tar.gz');
    const response = await fetch(archiveUrl, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!response.ok || !response.body) throw new Error(`${archiveUrl} answered ${response.status}`);
    onProgress(`Downloading the Temporal CLI ${TEMPORAL_CLI_VERSION} …`);
    const counted = reportBytes(
      Readable.fromWeb(response.body),
      Number(response.headers.get('content-length')),
      onProgress,
    );
    await pipeline(counted, createWriteStream(archive));
    await run('tar', ['-xzf', archive, '-C', directory]);
    await rename(join(directory, fileToExtract), target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function askVendor(): Promise<{ archiveUrl: string; fileToExtract: string }> {
  const query = new URLSearchParams({
    platform: platform(),
    arch: arch() === 'x64' ? 'amd64' : arch(),
    format: 'tar.gz',
    'sdk-name': 'uno-orchestrator',
    'sdk-version': TEMPORAL_CLI_VERSION,
  });
  const url = `https://temporal.download/cli/v${TEMPORAL_CLI_VERSION}?${query}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as { archiveUrl: string; fileToExtract: string };
}

async function* reportBytes(
  chunks: AsyncIterable<Uint8Array>,
  total: number,
  onProgress: (message: string) => void,
): AsyncIterable<Uint8Array> {
  const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
  const of = total > 0 ? ` of ${mebibytes(total)}` : '';
  let bytes = 0;
  let reportedAt = Date.now();
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (Date.now() - reportedAt > 2_000) {
      onProgress(`Downloading the Temporal CLI: ${mebibytes(bytes)}${of} MiB`);
      reportedAt = Date.now();
    }
    yield chunk;
  }
}
