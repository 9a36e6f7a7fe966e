import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout whose product is tried. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where the campaign keeps its stack, its results and what it found, unless told otherwise; ignored by git. */
export const DEFAULT_OUT = join(REPOSITORY, '.uno', 'chaos');
