import { createWriteStream, existsSync, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const KEPT_LOGS = 3;
const COLOURS = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

/** Takes the lines of all processes: to the terminal with the process' name in front, and to one file each. */
export class LogSink {
  private readonly files = new Map<string, WriteStream>();
  private readonly colours = new Map<string, number>();
  private quiet = false;

  /**
   * @param directory where `<name>.log` goes; the last three of former starts are kept beside it.
   * @param terminal gets the prefixed lines, coloured when it is a terminal and `NO_COLOR` is not set.
   */
  constructor(
    private readonly directory: string,
    private readonly terminal: NodeJS.WritableStream & { isTTY?: boolean },
    private readonly nameWidth: number,
  ) {
    mkdirSync(directory, { recursive: true });
  }

  write(name: string, line: string): void {
    this.file(name).write(`${line}\n`);
    if (this.quiet) return;
    const prefix = `${name.padEnd(this.nameWidth)} |`;
    this.terminal.write(
      this.inColour() ? `\u001b[${this.colour(name)}m${prefix}\u001b[0m ${line}\n` : `${prefix} ${line}\n`,
    );
  }

  /** From now on lines go to the files only: what processes say while they are being ended helps nobody. */
  leaveTerminal(): void {
    this.quiet = true;
  }

  /** Resolves when every line is in its file. */
  async close(): Promise<void> {
    const open = [...this.files.values()];
    this.files.clear();
    await Promise.all(open.map((file) => new Promise((resolve) => file.end(resolve))));
  }

  private inColour(): boolean {
    return this.terminal.isTTY === true && !process.env['NO_COLOR'];
  }

  private colour(name: string): number {
    const known = this.colours.get(name);
    if (known !== undefined) return known;
    const colour = COLOURS[this.colours.size % COLOURS.length] ?? 0;
    this.colours.set(name, colour);
    return colour;
  }

  private file(name: string): WriteStream {
    const open = this.files.get(name);
    if (open) return open;
    const path = join(this.directory, `${name}.log`);
    rotate(path);
    const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    this.files.set(name, file);
    return file;
  }
}

function rotate(path: string): void {
  const generation = (number: number): string => (number === 0 ? path : `${path}.${number}`);
  for (let number = KEPT_LOGS - 1; number >= 0; number -= 1) {
    if (existsSync(generation(number))) renameSync(generation(number), generation(number + 1));
  }
}
