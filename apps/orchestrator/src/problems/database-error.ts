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
  'P1001', // Prisma: cannot reach the server
  'P1002',
  'P1017',
  'P2024', // Prisma: no connection in time
  'P2028', // Prisma: no transaction in time
]);

/** Whether an error says that Postgres cannot be reached now, so that trying again makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && (AWAY.has(code) || code.startsWith('08'))) return true;
  // The driver and its pool tell these by message only.
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Can't reach database server/.test(
    error.message,
  );
}

/** The SQLSTATE of a database error. */
export function sqlState(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when a unique constraint or index of that name refused a row. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  return sqlState(error) === '23505' && error instanceof Error && 'constraint' in error && error.constraint === constraint;
}
