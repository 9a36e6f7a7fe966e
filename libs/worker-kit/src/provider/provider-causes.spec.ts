import { describe, expect, test } from '@jest/globals';
import { MAX_REASON_LENGTH, PROVIDER_FAILURE_CODES } from '@uno/workflow-contracts';
import { ProviderCauses, providerCauses, type ProviderCauseCode } from './provider-causes.js';

const ROW_CODES = [
  'provider_refused_row',
  'provider_row_missing',
  'provider_row_invalid',
  'provider_value_unusable',
] as const;
const CODES: readonly ProviderCauseCode[] = [...PROVIDER_FAILURE_CODES, ...ROW_CODES];
const PDL = { name: 'pdl', title: 'People Data Labs' };

describe('the causes of a failure at a provider', () => {
  test('each have a predicate of their own and advice that names what to do', () => {
    expect(new Set(CODES.map((code) => providerCauses.predicateOf(code))).size).toBe(CODES.length);
    for (const code of CODES) {
      expect(providerCauses.predicateOf(code)).toMatch(/^[a-z][^.]+$/);
      expect(providerCauses.adviceFor(PDL, code)).toMatch(/^[A-Z].+\.$/);
    }
  });

  test('fit into a reason in any two of them', () => {
    const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
    const predicate = PDL.title.length + longest(CODES.map((code) => providerCauses.predicateOf(code))) + ' ; '.length;
    const advice = longest(CODES.map((code) => providerCauses.adviceFor(PDL, code))) + 1;
    expect(2 * predicate + 2 * advice).toBeLessThanOrEqual(MAX_REASON_LENGTH);
  });

  test('of a service stand beside those of the kit, and one of the kit may be worded anew', () => {
    const causes = new ProviderCauses({
      record_is_on_hold: { predicate: 'holds this record back', advice: () => 'Ask for it.' },
      provider_refused_row: { predicate: 'refused the look-up', advice: () => 'Check the name.' },
    });
    expect(causes.reasonFor(PDL, 'record_is_on_hold')).toEqual({
      code: 'record_is_on_hold',
      message: 'People Data Labs holds this record back. Ask for it.',
    });
    expect(causes.predicateOf('provider_refused_row')).toBe('refused the look-up');
    expect(causes.predicateOf('provider_timeout')).toBe(providerCauses.predicateOf('provider_timeout'));
  });
});
