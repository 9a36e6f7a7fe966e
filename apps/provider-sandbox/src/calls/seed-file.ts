import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const stored = z.object({ seed: z.string(), startedWith: z.string() });

/**
 * Remembers the seed of the last `POST /admin/reset` beside the call log: a provider that crashes and comes back still gives
 * the same answers. A start with another configured seed begins anew.
 */
export class SeedFile {
  private readonly file: string;
  private readonly configured: string;

  constructor(logFile: string, configured: string) {
    this.file = `${logFile}.seed.json`;
    this.configured = configured;
  }

  read(): string {
    try {
      const known = stored.safeParse(JSON.parse(readFileSync(this.file, 'utf8')));
      return known.success && known.data.startedWith === this.configured ? known.data.seed : this.configured;
    } catch {
      return this.configured;
    }
  }

  write(seed: string): void {
    writeFileSync(`${this.file}.new`, JSON.stringify({ seed, startedWith: this.configured }));
    renameSync(`${this.file}.new`, this.file);
  }
}
