import { ApplicationFailure, CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';
import { PAGE_FAILED_FAILURE, SERVICE_ABSENT_CODE, SERVICE_ABSENT_SIGNAL, absentStep } from '@uno/workflow-contracts';
import type { AbsentStep } from '@uno/workflow-contracts';

const serviceAbsent = defineSignal<[unknown]>(SERVICE_ABSENT_SIGNAL);

/**
 * Listens for the absence of a service. What this answers runs work until it is done, or stops it as soon as a service is
 * found absent: the page that waits for it fails, and with it the job.
 */
export function failOnAbsentService(): (work: () => Promise<void>) => Promise<void> {
  let absent: AbsentStep | undefined;
  setHandler(serviceAbsent, (raw) => {
    const parsed = absentStep.safeParse(raw);
    if (parsed.success) absent ??= parsed.data;
  });
  const noticed = async (): Promise<AbsentStep | undefined> => {
    await condition(() => absent !== undefined);
    return absent;
  };
  return async (work) => {
    // What was said before is about work that has ended since.
    absent = undefined;
    const scope = new CancellationScope();
    const worked = scope.run(work);
    // Not cancelled with the job: then the work itself ends, and says how.
    const missing = CancellationScope.nonCancellable(noticed);
    const step = await Promise.race([worked.then(() => undefined), missing]);
    if (!step) return;
    scope.cancel();
    await worked.catch(() => undefined);
    throw ApplicationFailure.nonRetryable('A service is absent', PAGE_FAILED_FAILURE, {
      code: SERVICE_ABSENT_CODE,
      ...step,
    });
  };
}
