import type { Client } from '@temporalio/client';
import type { Database } from '../database/database.js';
import { signalAbsentServices } from '../jobs/absent-services.js';
import { ONLINE_FOR_SECONDS } from '../services/services.service.js';
import type { Duty } from './duty.js';

/**
 * The absence of services as a duty of the reconciler. A process that began less than a minute ago judges nobody: where all
 * of them were off together, the teams are only starting too.
 */
export function absentServicesDuty(database: Database, client: Client): Duty {
  const beganAt = performance.now();
  return {
    name: 'absent-services',
    run: async () =>
      performance.now() - beganAt < ONLINE_FOR_SECONDS * 1_000 ? 0 : signalAbsentServices(database, client),
  };
}
