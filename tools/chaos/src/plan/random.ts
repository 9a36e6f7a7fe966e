import { createHash } from 'node:crypto';

const UINT32 = 2 ** 32;

/**
 * A seeded source of chance: the same words give the same draws on every machine, so that a plan can be made again. Each part
 * of a plan draws from a source of its own, so that a new kind of draw does not shift the others.
 */
export class Random {
  private readonly state: Uint32Array;

  constructor(...words: readonly (string | number)[]) {
    const digest = createHash('sha256').update(words.join('/')).digest();
    this.state = Uint32Array.from({ length: 4 }, (_, index) => digest.readUInt32LE(index * 4));
  }

  /** A number in [0, 1): the generator sfc32. */
  fraction(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.state;
    const sum = (a + b + d) >>> 0;
    this.state.set([
      (b ^ (b >>> 9)) >>> 0,
      (c + (c << 3)) >>> 0,
      (((c << 21) | (c >>> 11)) + sum) >>> 0,
      (d + 1) >>> 0,
    ]);
    return sum / UINT32;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  /** A copy in random order. */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let index = copy.length - 1; index > 0; index -= 1) {
      const other = this.whole(0, index);
      [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
    }
    return copy;
  }
}
