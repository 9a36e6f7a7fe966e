export type Activity = (...args: never[]) => Promise<unknown>;

/**
 * Turns instances into the flat record of functions that a Temporal worker takes. The worker reads own properties only and
 * loses `this`, so each method of a class is bound here; what is no activity is a `#private` method.
 *
 * @param promised - names that the workflows call: each must be implemented.
 * @throws Error at start for a name that two instances share, or that nobody implements; a workflow that calls it would
 * otherwise wait and retry for ever.
 */
export function bindActivities(instances: readonly object[], promised: readonly string[]): Record<string, Activity> {
  const bound: Record<string, Activity> = {};
  for (const instance of instances) {
    for (const [name, method] of methodsOf(instance)) {
      if (name in bound) throw new Error(`Activity ${name} is implemented twice`);
      bound[name] = method.bind(instance) as Activity;
    }
  }
  const missing = promised.filter((name) => !(name in bound));
  if (missing.length > 0) throw new Error(`Nobody implements the promised activity ${missing.join(', ')}`);
  return bound;
}

/** Lifecycle hooks of Nest are not activities. */
const NEST_HOOKS =
  /^(onModuleInit|onApplicationBootstrap|onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

function methodsOf(instance: object): [string, Activity][] {
  const prototype = Object.getPrototypeOf(instance) as object;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && !NEST_HOOKS.test(name) && typeof value === 'function')
    .map(([name, { value }]) => [name, value as Activity]);
}
