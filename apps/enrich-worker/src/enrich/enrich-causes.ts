import { ProviderCauses, tryLater, type ProviderCauseCode } from '@uno/worker-kit';

/** What enriching adds to the ways in which any provider can fail. */
type EnrichFailureCode = 'provider_restricted' | 'provider_enrich_failed';

export type EnrichCauseCode = ProviderCauseCode | EnrichFailureCode;

export const enrichCauses = new ProviderCauses<EnrichFailureCode>({
  provider_refused_row: {
    predicate: 'refused the look-up as invalid',
    advice: () => 'Check the name, domain and email address of this row.',
  },
  provider_restricted: {
    predicate: 'may not share this record for compliance reasons',
    advice: () => 'Nothing can be tried again; type the value in by hand where you know it.',
  },
  provider_enrich_failed: { predicate: 'could not put this record together', advice: tryLater },
});
