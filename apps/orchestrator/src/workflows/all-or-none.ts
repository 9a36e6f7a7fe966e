import { CancellationScope } from '@temporalio/workflow';

/** Runs tasks side by side; the first failure cancels the others, is waited out, and is what the caller gets. */
export async function allOrNone(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const scope = new CancellationScope();
  let failed = false;
  let failure: unknown;
  await scope.run(() =>
    Promise.all(
      tasks.map((task) =>
        task().catch((error: unknown) => {
          if (!failed) {
            failed = true;
            failure = error;
            scope.cancel();
          }
        }),
      ),
    ),
  );
  if (failed) throw failure;
}
