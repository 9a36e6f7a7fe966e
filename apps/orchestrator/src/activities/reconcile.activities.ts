import { Injectable } from '@nestjs/common';
import { Reconciler } from '../reconciler/reconciler.js';
import { alive } from './alive.js';

/** The one step of a tick of the reconciler. */
@Injectable()
export class ReconcileActivities {
  constructor(private readonly reconciler: Reconciler) {}

  /** Idempotent; `tick` stays the same when the step is tried again, so that one tick never counts as two. */
  async reconcileTick({ tick }: { readonly tick: string }): Promise<Record<string, number>> {
    return alive(() => this.reconciler.tick(tick));
  }
}
