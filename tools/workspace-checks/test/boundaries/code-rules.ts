import { type Boundary, SYNTAX } from './boundary.js';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index};`).join('\n');

/** What code looks like everywhere. */
export const CODE_RULES: readonly Boundary[] = [
  {
    sentence: 'nothing is exported under the name default',
    folder: 'apps/billing/src',
    rule: SYNTAX,
    because: 'Named exports',
    refused: `const one = 1;\nexport { one as default };`,
    accepted: `const one = 1;\nexport { one };`,
  },
  {
    sentence: 'there are no default exports',
    folder: 'apps/billing/src',
    rule: SYNTAX,
    because: 'Named exports',
    refused: `export default 1;`,
    accepted: `export const one = 1;`,
  },
  {
    sentence: 'there are no enums',
    folder: 'apps/billing/src',
    rule: SYNTAX,
    because: 'string union',
    refused: `export enum Kind { Hold, Capture }`,
    accepted: `export type Kind = 'hold' | 'capture';`,
  },
  {
    sentence: 'there is no any',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/no-explicit-any',
    because: 'any',
    refused: `export const id = (value: any): unknown => value;`,
    accepted: `export const id = (value: unknown): unknown => value;`,
  },
  {
    sentence: 'types are imported as types',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/consistent-type-imports',
    because: 'only used as types',
    refused: `import { Stats } from 'node:fs';\nexport const size = (stats: Stats): number => stats.size;`,
    accepted: `import type { Stats } from 'node:fs';\nexport const size = (stats: Stats): number => stats.size;`,
  },
  {
    sentence: 'a switch over a union names every case',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    because: 'not exhaustive',
    refused: `export function sign(side: 'debit' | 'credit'): number {\n  switch (side) {\n    case 'debit':\n      return -1;\n  }\n  return 1;\n}`,
    accepted: `export function sign(side: 'debit' | 'credit'): number {\n  switch (side) {\n    case 'debit':\n      return -1;\n    case 'credit':\n      return 1;\n  }\n}`,
  },
  {
    sentence: 'a file has at most 250 lines',
    folder: 'apps/billing/src',
    rule: 'max-lines',
    because: '250',
    refused: lines(251),
    accepted: `${lines(250)}\n\n// A comment does not count.\n`,
  },
];
