import { describe, expect, test } from '@jest/globals';
import { caseFor, FAULT_CASES, FAULTED_SERVICES, faultsOf, SINGLE_FAULTS } from './fault-cases.js';
import { faultPlan } from './fault-plan.js';

const caseOf = (name: string) => {
  const found = FAULT_CASES.find((fault) => fault.name === name);
  if (!found) throw new Error(`There is no case ${name}`);
  return found;
};

describe('the faults of the providers of a service', () => {
  test.each(FAULTED_SERVICES)(
    'of %s are told apart by the codes of their reasons, but for what is one cause',
    (service) => {
      const known = new Map<string, string>();
      for (const fault of SINGLE_FAULTS) {
        for (const code of caseFor(service, fault)?.codes ?? []) {
          known.set(code, [known.get(code), fault.name].filter(Boolean).join(' or '));
        }
      }
      const shared = [...known.values()].filter((names) => names.includes(' or '));
      expect(shared).toEqual([service === 'crm' ? 'server_error or partial_batch' : 'empty_result or partial_batch']);
    },
  );

  test('hit a third of all tries, however many they are', () => {
    for (const service of FAULTED_SERVICES) {
      const byProvider = new Map<string, number>();
      for (const { provider, probability } of faultsOf(service, caseOf('all'))) {
        byProvider.set(provider, (byProvider.get(provider) ?? 1) * (1 - probability));
      }
      const callsOfATry = service === 'crm' ? 2 : 1;
      for (const missed of byProvider.values()) expect(missed ** callsOfATry).toBeCloseTo(2 / 3);
    }
  });

  test('are those of its own providers, each with its own word for an item that failed', () => {
    expect(faultsOf('enrich', caseOf('item_error'))).toMatchObject([
      { provider: 'lusha', fault: 'item_error', params: { code: 'ENRICH_FAILED' } },
      { provider: 'pdl', fault: 'item_error', params: { code: 'api_error' } },
    ]);
    expect(caseFor('ai', caseOf('mixed_up'))).toBeUndefined();
    expect(faultsOf('ai', caseOf('all')).some(({ params }) => params?.['part'] === 'references')).toBe(false);
  });

  test('meet a job over 1,000 cells from its first one on', () => {
    for (const service of FAULTED_SERVICES) {
      const { companies, columns, faults } = faultPlan(service, caseOf('hang'));
      expect(companies.length * columns.length).toBe(1_000);
      expect(faults).toMatchObject([{ kind: 'provider', at: { on: 'settled', share: 0 } }]);
    }
  });
});
