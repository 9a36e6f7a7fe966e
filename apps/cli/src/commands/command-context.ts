import type { Command } from 'commander';
import { UnoApi } from '../api/uno-api.js';
import type { CliEnvironment } from '../cli-environment.js';
import { findApiCredentials } from '../credentials.js';
import { EXIT_CODES } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import type { Output } from '../output/output.js';

/** What one run of a command works with, and the exit code that it leaves behind. */
export class CommandContext {
  exitCode: ExitCode = EXIT_CODES.success;
  private connected: UnoApi | undefined;

  constructor(
    readonly environment: CliEnvironment,
    readonly output: Output,
  ) {}

  /** Credentials are read at the first use, so that `uno --help` works without any. */
  get api(): UnoApi {
    this.connected ??= new UnoApi(findApiCredentials(this.environment));
    return this.connected;
  }
}

/** Adds a group of commands to `uno`. */
export type RegisterCommands = (program: Command, context: CommandContext) => void;
