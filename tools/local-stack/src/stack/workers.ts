import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY_DIRECTORY } from './home.js';
import { FIRST_WORKER_OFFSET } from './ports.js';
import { StackError } from './stack-error.js';

/** In the folder of each team's worker: what the local stack must know of it. */
const DESCRIPTION = 'local-stack.json';
const WORKER_FOLDER = /^([a-z][a-z0-9-]*)-worker$/;

const sampleColumns = z
  .array(z.strictObject({ name: z.string().min(1), config: z.record(z.string(), z.json()) }))
  .default([]);

const description = z.strictObject({
  /** Its port, from `UNO_PORT_BASE`. */
  portOffset: z.int().min(FIRST_WORKER_OFFSET).max(99),
  /** Providers of the sandbox that it calls. */
  providers: z.array(z.string().regex(/^[a-z][a-z0-9]*$/)).default([]),
  /** Variables that the stack sets unless the user does. */
  environment: z.record(z.string(), z.string()).default({}),
  /** What the sample lists get a column for. */
  sampleColumns: z
    .strictObject({ company: sampleColumns, contact: sampleColumns })
    .partial()
    .transform(({ company = [], contact = [] }) => ({ company, contact }))
    .prefault({}),
});

/** A team's worker as the local stack runs it. */
export interface WorkerDescription extends z.infer<typeof description> {
  /** Id of its service: its folder is `<service>-worker`. */
  readonly service: string;
}

/**
 * The workers that stand in the checkout, each described by a file of its own, by their ports. No worker is known by name: one
 * that is added or deleted comes and goes with its folder.
 *
 * @throws StackError that names the file at fault, or two workers with one port.
 */
export function readWorkers(apps = join(REPOSITORY_DIRECTORY, 'apps')): readonly WorkerDescription[] {
  const workers = readdirSync(apps).flatMap((folder) => {
    const service = WORKER_FOLDER.exec(folder)?.[1];
    const file = join(apps, folder, DESCRIPTION);
    return service !== undefined && existsSync(file) ? [{ service, ...readDescription(file) }] : [];
  });
  workers.sort((one, other) => one.portOffset - other.portOffset);
  workers.forEach(({ service, portOffset }, index) => {
    const before = workers[index - 1];
    if (before?.portOffset !== portOffset) return;
    throw new StackError(`The workers of ${before.service} and ${service} want the same portOffset, ${portOffset}`);
  });
  return workers;
}

function readDescription(file: string): z.infer<typeof description> {
  try {
    return description.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new StackError(`${file} does not describe a worker: ${reason}`);
  }
}
