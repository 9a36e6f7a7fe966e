import { tooLarge, unprocessable } from '../../problems/problem.error.js';

export const MAX_FILE_BYTES = 1024 ** 3;

/** What files begin with that are often taken for CSV files. */
const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly code: string; readonly detail: string }[] = [
  ...[
    [0xff, 0xfe],
    [0xfe, 0xff],
  ].map((bytes) => ({
    bytes,
    code: 'csv_encoding',
    detail: 'The file is UTF-16. Save it as UTF-8 (spreadsheets call that "CSV UTF-8").',
  })),
  ...[
    { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a workbook or another zip archive' },
    { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'a workbook of an old kind' },
    { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
    { bytes: [0x1f, 0x8b], what: 'compressed' },
  ].map(({ bytes, what }) => ({
    bytes,
    code: 'not_csv',
    detail: `The file is ${what}, not CSV. Save it as CSV first.`,
  })),
];
const LONGEST_SIGNATURE = Math.max(...SIGNATURES.map(({ bytes }) => bytes.length));

/**
 * The bytes of a file as they come, as long as it can be a CSV file.
 * @throws ProblemError 413 `file_too_large`; 422 `csv_encoding`, `not_csv` by what the file begins with
 */
export async function* csvBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array();
  let bytes = 0;
  for await (const chunk of chunks) {
    if (beginning.length < LONGEST_SIGNATURE) {
      beginning = Buffer.concat([beginning, chunk.subarray(0, LONGEST_SIGNATURE)]);
      refuseOtherFormat(beginning);
    }
    bytes += chunk.byteLength;
    if (bytes > MAX_FILE_BYTES) throw fileTooLarge();
    yield chunk;
  }
}

export const fileTooLarge = () => tooLarge('file_too_large', 'A file has at most 1 GiB.');

function refuseOtherFormat(beginning: Uint8Array): void {
  const found = SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => beginning[index] === byte));
  if (found) throw unprocessable(found.code, '', found.detail);
}
