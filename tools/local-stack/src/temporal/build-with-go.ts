import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startChild } from '../process/running-process.js';

const REPORT_EVERY_MS = 5_000;

/** A program and the Go module of this package whose go.sum pins its dependencies. */
export interface GoProgram {
  /** As it stands in messages: "the Temporal CLI 1.8.2". */
  readonly name: string;
  /** Folder of the module beside this package's sources. */
  readonly module: string;
  /** Import path of its main package. */
  readonly main: string;
  /** String variables that are set by the linker. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Builds a program with Go. Takes minutes on two cores with an empty Go cache.
 *
 * @param target path of the program that is written.
 * @throws when Go is missing or the build fails, with its last output.
 */
export async function buildWithGo(
  { name, module, main, variables = {} }: GoProgram,
  target: string,
  onProgress: (message: string) => void,
): Promise<void> {
  onProgress(`Building ${name} with Go; once per machine, it takes some minutes …`);
  const startedAt = Date.now();
  const seen = { downloads: 0, packages: 0 };
  const linker = ['-s', '-w', ...Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`)];
  const build = await startChild(
    {
      command: 'go',
      args: ['build', '-v', '-buildvcs=false', '-modcacherw', '-ldflags', linker.join(' '), '-o', target, main],
      cwd: fileURLToPath(new URL(`../../${module}`, import.meta.url)),
      env: { ...process.env, CGO_ENABLED: '0', HOME: process.env['HOME'] ?? homedir() },
    },
    (line) => void (line.startsWith('go: downloading') ? seen.downloads++ : seen.packages++),
  );
  const report = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const modules = seen.downloads > 0 ? `${seen.downloads} modules downloaded, ` : '';
    onProgress(`Building ${name}: ${modules}${seen.packages} packages compiled, ${seconds} s`);
  }, REPORT_EVERY_MS);
  try {
    const { code, signal } = await build.exited;
    if (code !== 0) throw new Error(`go build ended with ${code ?? signal}:\n${build.output().slice(-2_000)}`);
  } finally {
    clearInterval(report);
  }
}
