import { Injectable } from '@nestjs/common';
import { BillingClient } from '../billing/billing.client.js';
import type { Credits } from './live-messages.js';

/** Billing is asked at most this often for one workspace, however fast its jobs go. */
const READ_EVERY_MS = 1_000;

/**
 * Balances of workspaces whose jobs move. Reading them is never waited for: live cells do not depend on billing, and a
 * balance that could not be read is sent with the next change.
 */
@Injectable()
export class CreditsFeed {
  readonly #touched = new Map<string, boolean>();

  constructor(private readonly billing: BillingClient) {}

  /** Reads the workspace's balance now, or once its second is over, and gives it to `send`. */
  touch(workspaceId: string, send: (credits: Credits) => void): void {
    if (this.#touched.has(workspaceId)) {
      this.#touched.set(workspaceId, true);
      return;
    }
    this.#touched.set(workspaceId, false);
    this.billing.account(workspaceId).then(
      ({ granted, available, held, spent }) => send({ granted, available, held, spent }),
      () => undefined,
    );
    setTimeout(() => {
      const again = this.#touched.get(workspaceId);
      this.#touched.delete(workspaceId);
      if (again) this.touch(workspaceId, send);
    }, READ_EVERY_MS).unref();
  }
}
