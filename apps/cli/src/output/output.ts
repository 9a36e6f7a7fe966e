import { ApiProblem } from '@uno/api-client';
import picocolors from 'picocolors';
import type { CliEnvironment } from '../cli-environment.js';
import { CommandFailure, UsageFailure } from '../failures.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * Where a command says what it did: once, with the document for scripts and the text for people. With `--json` the
 * document is all of stdout; notes and progress go to stderr, where a person still sees them.
 */
export class Output {
  readonly colors: Colors;

  constructor(
    private readonly environment: CliEnvironment,
    readonly json: boolean,
  ) {
    this.colors = picocolors.createColors(
      environment.stdout.isTTY === true && environment.env['NO_COLOR'] === undefined,
    );
  }

  /** A live picture makes sense only on a terminal that nobody parses. */
  get live(): boolean {
    return !this.json && this.environment.stderr.isTTY === true;
  }

  get progressStream(): NodeJS.WritableStream {
    return this.environment.stderr;
  }

  result(document: unknown, text: string): void {
    this.environment.stdout.write(`${this.json ? JSON.stringify(document, null, 2) : text}\n`);
  }

  note(text: string): void {
    this.environment.stderr.write(`${text}\n`);
  }

  failure(error: Error): void {
    const fields = error instanceof ApiProblem ? error.errors : [];
    if (this.json) {
      const status = error instanceof ApiProblem ? { status: error.status } : {};
      const problem = { code: codeOf(error), ...status, detail: error.message };
      this.result({ error: { ...problem, ...(fields.length > 0 ? { errors: fields } : {}) } }, '');
    }
    const lines = fields.flatMap((field) => describeField(field, error.message));
    this.note([`${this.colors.red('error:')} ${error.message}`, ...lines].join('\n'));
  }
}

/** A single complaint is mostly the message itself; then the place is all that is left to say. */
function describeField({ pointer, detail }: ApiProblem['errors'][number], message: string): string[] {
  if (detail === message) return pointer === '' ? [] : [`  at ${pointer}`];
  return [pointer === '' ? `  ${detail}` : `  ${pointer}: ${detail}`];
}

function codeOf(error: Error): string {
  const known = error instanceof ApiProblem || error instanceof CommandFailure || error instanceof UsageFailure;
  return known ? error.code : 'internal';
}
