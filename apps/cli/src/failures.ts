/** A command that cannot do what it was asked for; the message is for a person. Ends with exit code 1. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';

  constructor(
    message: string,
    readonly code = 'failed',
  ) {
    super(message);
  }
}

/** The command line itself is wrong. Ends with exit code 2. */
export class UsageFailure extends Error {
  override readonly name = 'UsageFailure';
  readonly code = 'usage';
}

/** The person pressed Ctrl-C, and the command has tidied up. Ends with exit code 130. */
export class InterruptedFailure extends CommandFailure {
  override readonly name = 'InterruptedFailure';

  constructor(message: string) {
    super(message, 'interrupted');
  }
}

/** Somebody answered, but the connection broke before the answer was there. */
export class BrokenConnection extends CommandFailure {
  override readonly name = 'BrokenConnection';

  constructor(url: string, code: string) {
    const why = code === '' ? '' : ` (${code})`;
    super(
      `The connection to ${url} broke${why}. Try again; if that changes nothing, check the address.`,
      'connection_broken',
    );
  }
}

/** Nothing answered: the server is down. */
export class UnreachableFailure extends CommandFailure {
  override readonly name = 'UnreachableFailure';

  constructor(url: string) {
    super(`Nothing answers at ${url}. Start the local stack with: npm start`, 'unreachable');
  }
}
