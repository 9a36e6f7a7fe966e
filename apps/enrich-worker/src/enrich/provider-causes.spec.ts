import { describe, expect, test } from '@jest/globals';
import { MAX_REASON_LENGTH, PROVIDER_FAILURE_CODES } from '@uno/workflow-contracts';
import { adviceFor, predicateOf, type ProviderCauseCode, type RowFailureCode } from './provider-causes.js';

const ROW_CODES: readonly RowFailureCode[] = [
  'provider_refused_row',
  'provider_restricted',
  'provider_enrich_failed',
  'provider_row_missing',
  'provider_row_invalid',
  'provider_value_unusable',
];
const CODES: readonly ProviderCauseCode[] = [...PROVIDER_FAILURE_CODES, ...ROW_CODES];
const PDL = { name: 'pdl', title: 'People Data Labs' };

describe('the causes of a failure at a provider', () => {
  test('each have a predicate of their own and advice that names what to do', () => {
    expect(new Set(CODES.map(predicateOf)).size).toBe(CODES.length);
    for (const code of CODES) {
      expect(predicateOf(code)).toMatch(/^[a-z][^.]+$/);
      expect(adviceFor(PDL, code)).toMatch(/^[A-Z].+\.$/);
    }
  });

  test('fit into a reason in any two of them', () => {
    const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
    const predicate = PDL.title.length + longest(CODES.map(predicateOf)) + ' ; '.length;
    const advice = longest(CODES.map((code) => adviceFor(PDL, code))) + 1;
    expect(2 * predicate + 2 * advice).toBeLessThanOrEqual(MAX_REASON_LENGTH);
  });
});
