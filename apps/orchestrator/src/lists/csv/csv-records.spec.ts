import { describe, expect, test } from '@jest/globals';
import { csvField, csvRecord } from './csv-cell.js';
import { csvLines } from './csv-lines.js';
import { csvRecords } from './csv-records.js';

/** Fields or reasons by line, read from chunks of so many bytes. */
async function read(text: string | Uint8Array, chunkBytes = 3): Promise<unknown[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const items: unknown[] = [];
  for await (const item of csvRecords(csvLines(chunks()))) {
    items.push([item.line, 'reason' in item ? item.reason : item.fields]);
  }
  return items;
}

describe('records of a CSV file', () => {
  test('are read with quotes, quoted newlines and either end of line, however the bytes are cut', async () => {
    const text = '\ufeffname,city\r\n"A ""B"", C",Zürich\r\n"two\r\nlines",\n\n,"last"';
    const expected = [
      [1, ['name', 'city']],
      [2, ['A "B", C', 'Zürich']],
      [3, ['two\nlines', '']],
      [6, ['', 'last']],
    ];
    for (const size of [1, 2, 3, 7, 1_000]) expect(await read(text, size)).toEqual(expected);
  });

  test('may end in CR alone, or each in another way, however the bytes are cut', async () => {
    const text = 'name,city\rA,B\r\rC,"D\rE"\r\nF,G\nH,I\r';
    const expected = [
      [1, ['name', 'city']],
      [2, ['A', 'B']],
      [4, ['C', 'D\nE']],
      [6, ['F', 'G']],
      [7, ['H', 'I']],
    ];
    for (const size of [1, 2, 3, 7, 1_000]) expect(await read(text, size)).toEqual(expected);
  });

  test('keep a quote inside an unquoted field', async () => {
    expect(await read('5" pipe,x')).toEqual([[1, ['5" pipe', 'x']]]);
  });

  test('that are broken cost their line only', async () => {
    expect(await read('a,b\nc,"d"e\nf,g\n')).toEqual([
      [1, ['a', 'b']],
      [2, 'Text follows a closing quote'],
      [3, ['f', 'g']],
    ]);
    expect(await read('a,b\nc,"d\ne,f\n"g",h\n')).toEqual([
      [1, ['a', 'b']],
      [2, 'Text follows a closing quote'],
      [3, ['e', 'f']],
      [4, ['g', 'h']],
    ]);
    expect(await read('a,b\nc,"d\ne,f\n')).toEqual([
      [1, ['a', 'b']],
      [2, 'A quote is never closed'],
      [3, ['e', 'f']],
    ]);
  });

  test('may not grow without end: a quote left open is given up after a mebibyte', async () => {
    const rest = Array.from({ length: 30_000 }, () => 'x'.repeat(49)).join('\n');
    const items = await read(`a\n"open\n${rest}\n`, 65_536);
    expect(items).toHaveLength(30_002);
    expect(items[1]).toEqual([2, 'A quote is never closed']);
  });

  test('on a line of more than a mebibyte end the reading', async () => {
    await expect(read(`a\n${'x'.repeat(1_100_000)}`, 65_536)).rejects.toMatchObject({ status: 413 });
  });
});

describe('a field of an exported file', () => {
  test.each(['=1+1', '+1', '+41 44 123', '-1+1', '-', '-cmd', '-1 2', '@cmd', '\tx', '\rx', '＝1'])(
    'cannot be a formula: %j',
    (text) => {
      expect(csvField(text).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  test.each(['-5', '-0.25', '-1e6', '-1.5E-3'])('that is a negative number stays one: %j', (text) => {
    expect(csvField(text)).toBe(text);
  });

  test('is quoted where it must be, and numbers stay numbers', () => {
    expect(csvRecord(['a,b', 'say "x"', 'two\nlines', -5, null, undefined, true, { a: 1 }])).toBe(
      '"a,b","say ""x""","two\nlines",-5,,,true,"{""a"":1}"\r\n',
    );
  });
});
