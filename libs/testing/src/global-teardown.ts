import { stopPublished } from './running-servers.js';

/** Jest's `globalTeardown`: ends the servers that the global set-up started. */
export default function globalTeardown(): Promise<void> {
  return stopPublished();
}
