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

/** The driver and its pool tell these by message only. */
const AWAY_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Can't reach database server/;

/** What errors of Node, the driver and Prisma have in common; read by shape, as they come from several packages. */
interface Faulty {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly constraint?: unknown;
  readonly errors?: unknown;
}

const read = (error: unknown): Faulty => (typeof error === 'object' && error !== null ? error : {});

/** Whether an error says that Postgres cannot be reached now, so that trying again makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message, errors } = read(error);
  if (Array.isArray(errors) && errors.some(isDatabaseAway)) return true;
  if (typeof code === 'string' && (AWAY.has(code) || code.startsWith('08'))) return true;
  return typeof message === 'string' && AWAY_MESSAGE.test(message);
}

/** The SQLSTATE of a database error. */
export function sqlState(error: unknown): string | undefined {
  const { code } = read(error);
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when a unique constraint or index of that name refused a row. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  return sqlState(error) === '23505' && read(error).constraint === constraint;
}
