import { freePort, isPortFree, waitUntil } from '../../src/index.js';

const PORTS = 12;

/** A base at which every port of the stack was free a moment ago. */
export function freePortBase(): Promise<number> {
  return waitUntil(
    async () => {
      const base = await freePort();
      const free = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isPortFree(base + offset)));
      return free.every(Boolean) && base;
    },
    { what: `${PORTS} free ports in a row`, intervalMs: 0 },
  );
}
