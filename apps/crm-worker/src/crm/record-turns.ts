/** A holder's place in the queues of its records. */
export interface Turn {
  /** Resolves when everybody who came before has released the records. */
  readonly ready: Promise<unknown>;
  readonly release: () => void;
}

/** Lets the writers of one record follow each other in the order in which they came, whichever chunk of the page they are in. */
export class RecordTurns {
  private readonly last = new Map<string, Promise<void>>();

  /** Queues up for all records at once, so that no two holders can wait for each other. */
  take(records: Iterable<string>): Turn {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const before: Promise<void>[] = [];
    for (const record of new Set(records)) {
      const holder = this.last.get(record);
      if (holder) before.push(holder);
      this.last.set(record, released);
    }
    return { ready: Promise.all(before), release };
  }
}
