import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const SOURCES = join(import.meta.dirname, '..');
const TABLE = join(import.meta.dirname, '../../../../docs/errors.md');

const REFUSALS =
  /\b(?:badRequest|conflict|tooLarge|unavailable|unprocessable|new ProblemError)\(\s*(?:\d{3},\s*)?'(\w+)'|\bcode: '(csv_encoding|not_csv)'/g;
/** Given by a constant, or as a default. */
const UNSPELLED = ['not_csv', 'superseded', 'unknown_reference', 'ambiguous_reference'];

test('the table of error codes has every code that the API can answer, and no other', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('generated'),
  );
  const codes = files.flatMap((file) =>
    [...readFileSync(join(SOURCES, file), 'utf8').matchAll(REFUSALS)].map(
      ([, ...groups]) => groups.find(Boolean) ?? '',
    ),
  );
  const listed = [...readFileSync(TABLE, 'utf8').matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual([...new Set([...codes, ...UNSPELLED])].sort());
});
