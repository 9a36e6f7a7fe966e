const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '57P01', // the server shuts down
  '57P02',
  '57P03', // the server starts up
  '53300', // too many connections
  '57014', // a statement waited too long for a lock
]);

/** Whether an error says that Postgres cannot be reached now, so that trying again makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if (error instanceof AggregateError) {
    return error.errors.some(isDatabaseAway);
  }
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') {
    return AWAY.has(code) || code.startsWith('08');
  }
  // The driver and its pool tell these by message only.
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}
