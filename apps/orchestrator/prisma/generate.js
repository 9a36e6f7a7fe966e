import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

// `prisma generate` needs no schema engine, yet it downloads one from Prisma's own host and fails where that host is
// not reachable. Any existing executable in this variable skips the download; this process is one on every platform.
const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
const { status } = spawnSync(process.execPath, [cli, 'generate'], {
  stdio: 'inherit',
  env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', ...process.env },
});
process.exit(status ?? 1);
