import type { RunPlan } from '../plan/run-plan.js';

/** A piece of a source file and what stands there instead. The piece must occur exactly once. */
export interface SourcePatch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A bug that the checkers must find. */
export interface PlantedBug {
  readonly name: string;
  /** The law that it breaks; it may break others as well. */
  readonly law: string;
  /** In one line. */
  readonly how: string;
  readonly patches: readonly SourcePatch[];
  /** An ordinary fill or kill during which it shows. */
  readonly plan: RunPlan;
}

/** How a planted bug was found. */
export interface PlantedBugResult {
  readonly name: string;
  readonly law: string;
  readonly how: string;
  /** Laws that the checkers complained about; the bug counts as found when its own is among them. */
  readonly found: readonly string[];
  /** The same run found nothing when the bug was taken back. */
  readonly green: boolean;
}

/** A patch that does not fit any more: the code has changed and the planted bug must be written anew. */
export class PatchDoesNotApply extends Error {
  override readonly name = 'PatchDoesNotApply';
}

/**
 * @returns the text with the piece replaced.
 * @throws PatchDoesNotApply when the piece occurs never, or more than once.
 */
export function applyPatch(text: string, { file, find, replace }: SourcePatch): string {
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1) {
    throw new PatchDoesNotApply(`${file} holds the piece ${occurrences} times instead of once: ${find}`);
  }
  return text.replace(find, () => replace);
}
