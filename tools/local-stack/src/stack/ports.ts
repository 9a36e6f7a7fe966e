import { isPortFree } from '../network.js';
import { StackError } from './stack-error.js';

/** Offsets from `UNO_PORT_BASE`; those of the workers stand in their folders. */
const OFFSETS = {
  api: 0,
  billing: 1,
  temporal: 2,
  temporalUi: 3,
  postgres: 4,
  sandbox: 5,
  sandboxAdmin: 6,
  orchestratorWorker: 10,
} as const;

export const FIRST_WORKER_OFFSET = 11;

const DEFAULT_BASE = 3000;
const HIGHEST_BASE = 65_000;

/** The port of each part of the stack, and where they begin. */
export type StackPorts = Readonly<Record<keyof typeof OFFSETS | 'base', number>>;

/**
 * @throws StackError when `UNO_PORT_BASE` is not a usable number.
 */
export function stackPorts(env: NodeJS.ProcessEnv): StackPorts {
  const base = env['UNO_PORT_BASE'] ? Number(env['UNO_PORT_BASE']) : DEFAULT_BASE;
  if (!Number.isInteger(base) || base < 1 || base > HIGHEST_BASE) {
    throw new StackError(
      `UNO_PORT_BASE must be a whole number from 1 to ${HIGHEST_BASE}, not "${env['UNO_PORT_BASE']}"`,
    );
  }
  const ports = Object.entries({ base: 0, ...OFFSETS }).map(([name, offset]) => [name, base + offset] as const);
  return Object.fromEntries(ports) as StackPorts;
}

/** A port and the part of the stack that wants it. */
export interface WantedPort {
  readonly name: string;
  readonly port: number;
}

/**
 * Makes sure that nobody else listens where the stack wants to.
 *
 * @throws StackError naming every taken port and what to do.
 */
export async function refuseTakenPorts(wanted: readonly WantedPort[]): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => isPortFree(port)));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
  throw new StackError(
    `${taken.length === 1 ? 'This port is' : 'These ports are'} taken by another program: ${list}. ` +
      'Stop that program, or move all ports of the stack together: UNO_PORT_BASE=4000 npm start',
  );
}
