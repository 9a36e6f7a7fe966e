import { describeFailure } from '../src/jobs/failure-messages.js';

/** What no workflow may do: reach into the code of activities. The bundle's check must name the module. */
export async function trespassingWorkflow(): Promise<string> {
  return describeFailure({ code: 'internal' }, 'rollback').message;
}
