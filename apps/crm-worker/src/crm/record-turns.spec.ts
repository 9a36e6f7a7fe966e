import { describe, expect, test } from '@jest/globals';
import { RecordTurns } from './record-turns.js';

describe('turns at records', () => {
  test('come one after another for one record, whoever waits, and at once for others', async () => {
    const turns = new RecordTurns();
    const order: string[] = [];
    const hold = async (name: string, records: readonly string[]): Promise<() => void> => {
      const turn = turns.take(records);
      await turn.ready;
      order.push(name);
      return turn.release;
    };
    const first = hold('first', ['a', 'b', 'a']);
    const second = hold('second', ['b', 'c']);
    const third = hold('third', ['c', 'a']);
    const other = hold('other', ['d']);
    await Promise.all([first, other]);
    expect(order).toEqual(['first', 'other']);
    (await first)();
    (await second)();
    (await third)();
    expect(order).toEqual(['first', 'other', 'second', 'third']);
  });
});
