import { ProviderCauses, tryLater, type NamedProvider, type ProviderCauseCode } from '@uno/worker-kit';

/** What writing to a CRM adds to the ways in which any provider can fail. */
type CrmFailureCode = 'provider_conflict' | 'provider_match_refused' | 'provider_column_refused';

export type CrmCauseCode = ProviderCauseCode | CrmFailureCode;

export const crmCauses = new ProviderCauses<CrmFailureCode>({
  provider_refused_row: {
    predicate: 'refused what this row writes as invalid',
    advice: () => 'Check what this row holds in the property that it is matched on and in those that are mapped.',
  },
  provider_conflict: {
    predicate: 'has another record with a unique value of this row',
    advice: ({ title }) => `Merge the two records at ${title} or change the value, then try the cell again.`,
  },
  provider_match_refused: {
    predicate: 'cannot find records by the property that this column matches on',
    advice: ({ title }) => `Match on a property that is marked unique at ${title}, then try the cells again.`,
  },
  provider_column_refused: {
    predicate: 'refused everything that this column writes',
    advice: ({ title }) => `Check that every property of the column exists at ${title}, then try the cells again.`,
  },
  provider_row_missing: { predicate: 'did not say what became of this row each time', advice: tryLater },
});

/** Reason of a cell that would have set properties that the CRM does not have; names of properties are the column's settings. */
export function unknownPropertiesReason(
  { title }: NamedProvider,
  properties: readonly string[],
): { readonly code: string; readonly message: string } {
  const named = properties.length === 1 ? `property ${properties.join()}` : `properties ${properties.join(', ')}`;
  const advice = 'Create what is missing there or map another, then try the cells again.';
  return { code: 'provider_property_unknown', message: `${title} does not have the ${named}. ${advice}` };
}
