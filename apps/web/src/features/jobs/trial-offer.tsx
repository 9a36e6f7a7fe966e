import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api.context.js';
import type { JobRequest } from '../../api.types.js';
import { formatUnits } from '../../format.js';
import { TRIAL_ROWS, trialOf } from './trial-rows.js';

interface TrialOfferProps {
  readonly listId: string;
  readonly request: JobRequest;
  readonly busy: boolean;
  readonly onTry: (trial: JobRequest) => void;
}

/** Offers to fill ten rows first, with what that costs. */
export function TrialOffer({ listId, request, busy, onTry }: TrialOfferProps) {
  const api = useApi();
  const { data, isPending, isError } = useQuery({
    queryKey: ['trial', listId, request],
    queryFn: async () => {
      const trial = await trialOf(api, listId, request);
      return { trial, quote: trial ? await api.quote(listId, trial) : undefined };
    },
    enabled: request.columnIds.length > 0,
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const { trial, quote } = data ?? {};
  return (
    <div className="trial">
      <p className="soft" aria-live="polite">
        {quote
          ? `First ${formatUnits(rowsOf(trial), 'row')}: ${formatUnits(quote.eligible, 'cell')}, up to ${formatUnits(quote.estimatedCredits, 'credit')}`
          : describeNothing({ isPending: isPending && request.columnIds.length > 0, isError })}
      </p>
      <button
        type="button"
        className="button"
        disabled={!trial || !quote || quote.eligible === 0 || busy}
        onClick={() => trial && onTry(trial)}
      >
        Try on {TRIAL_ROWS} rows
      </button>
    </div>
  );
}

const rowsOf = (trial: JobRequest | undefined): number =>
  trial?.scope.type === 'rows' ? trial.scope.rowIds.length : 0;

function describeNothing({ isPending, isError }: { readonly isPending: boolean; readonly isError: boolean }): string {
  if (isPending) return 'Looking for rows to try…';
  return isError ? 'What a try costs could not be worked out now.' : 'There is nothing to try.';
}
