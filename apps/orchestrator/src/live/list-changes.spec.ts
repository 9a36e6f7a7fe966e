import { describe, expect, test } from '@jest/globals';
import { coalesce } from './list-changes.js';

describe('coalesce', () => {
  test('names each cell and each job once, however many events named them', () => {
    const changes = coalesce([
      { rowIds: ['a', 'b'], columnIds: ['x'], jobId: 'j' },
      { rowIds: ['b'], columnIds: ['x', 'y'], jobId: 'j' },
    ]);
    expect(changes.cells).toEqual(
      new Map([
        ['a', new Set(['x'])],
        ['b', new Set(['x', 'y'])],
      ]),
    );
    expect(changes).toMatchObject({ jobIds: new Set(['j']), structure: false, count: 2 });
  });

  test.each([[{ structure: true as const }], [{ rowIds: ['a'] }]])('takes %j as a change of structure', (event) => {
    expect(coalesce([event, { jobId: 'j' }]).structure).toBe(true);
  });
});
