/** Ends what the global set-up started. */
export type StopServers = () => Promise<void>;

let stopServers: StopServers | undefined;

/** Keeps how to end the servers until the global teardown, which runs in the same process. */
export function publishStop(stop: StopServers): void {
  stopServers = stop;
}

/** Ends the servers of this run; nothing to do when none were started. */
export async function stopPublished(): Promise<void> {
  await stopServers?.();
  stopServers = undefined;
}
