/** One field of a request that the API refused; `pointer` is a JSON pointer into the request's body. */
export interface FieldProblem {
  readonly pointer?: string;
  readonly detail: string;
}

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

/** The API answered with a problem (RFC 9457), or with something that is not one. */
export class ApiFailure extends CommandFailure {
  override readonly name = 'ApiFailure';

  constructor(
    detail: string,
    code: string,
    readonly status: number,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(detail, code);
  }
}

/** Nothing answered: the server is down, or the connection broke. */
export class UnreachableFailure extends CommandFailure {
  override readonly name = 'UnreachableFailure';

  constructor(url: string) {
    super(`Nothing answers at ${url}. Start the local stack with: npm start`, 'unreachable');
  }
}
