import { isPortFree } from '../network.js';
import { StackError } from './stack-error.js';

/** Offsets from `UNO_PORT_BASE`; later workers follow at 12. */
const OFFSETS = {
  api: 0,
  billing: 1,
  temporal: 2,
  temporalUi: 3,
  postgres: 4,
  sandbox: 5,
  sandboxAdmin: 6,
  orchestratorWorker: 10,
  enrichWorker: 11,
} as const;

const DEFAULT_BASE = 3000;
const HIGHEST_BASE = 65_000;

/** The port of each part of the stack. */
export type StackPorts = Readonly<Record<keyof typeof OFFSETS, number>>;

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
  return Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset])) as StackPorts;
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
