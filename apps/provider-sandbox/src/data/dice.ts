import { createHash } from 'node:crypto';

/** Repeatable chance: the same origin and label always give the same number, different labels are independent. */
export class Dice {
  private readonly state: number;

  constructor(...origin: readonly string[]) {
    this.state = createHash('sha256').update(JSON.stringify(origin)).digest().readUInt32LE(0);
  }

  /** From 0 up to, but not including, 1. */
  fraction(label: string): number {
    let hash = this.state;
    for (let index = 0; index < label.length; index++) hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  }

  /** From `min` to `max`, both possible. */
  integer(label: string, min: number, max: number): number {
    return min + Math.floor(this.fraction(label) * (max - min + 1));
  }

  /** One of `items`, which must not be empty. */
  pick<const Items extends readonly unknown[]>(label: string, items: Items): Items[number] {
    return items[this.integer(label, 0, items.length - 1)];
  }
}
