import { ProviderCauses, tryLater, type ProviderCauseCode } from '@uno/worker-kit';

/** What looking for events adds to the ways in which any provider can fail. */
type SignalsFailureCode = 'provider_restricted' | 'provider_lookup_failed';

export type SignalsCauseCode = ProviderCauseCode | SignalsFailureCode;

export const signalsCauses = new ProviderCauses<SignalsFailureCode>({
  provider_refused_row: {
    predicate: 'refused the look-up as invalid',
    advice: () => 'Check the name, domain and email address of this row.',
  },
  provider_restricted: {
    predicate: 'may not share this record for compliance reasons',
    advice: () => 'Nothing can be tried again; type the event in by hand where you know it.',
  },
  provider_lookup_failed: { predicate: 'could not look this record up', advice: tryLater },
});
