import type { Quote } from '../../api.types.js';
import { formatCount, formatUnits } from '../../format.js';
import { Notice } from '../../ui/notice.js';
import { describeSkipped } from './job-facts.js';

interface QuoteViewProps {
  readonly quote: Quote | undefined;
  readonly loading: boolean;
  readonly error: Error | null;
}

/** What a job would do and cost, before it is started. */
export function QuoteView({ quote, loading, error }: QuoteViewProps) {
  if (error) return <Notice tone="bad">{error.message}</Notice>;
  if (!quote)
    return <p className="quote soft">{loading ? 'Working out the cost…' : 'Choose a column to see the cost.'}</p>;
  const skipped = quote.skipped.filter(({ count }) => count > 0);
  return (
    <div className="quote" aria-busy={loading} aria-live="polite">
      <p className="quote-line">
        <strong>{formatUnits(quote.eligible, 'cell')} eligible</strong>, up to{' '}
        <strong>{formatUnits(quote.estimatedCredits, 'credit')}</strong>, balance after{' '}
        <strong className={quote.balanceAfter < 0 ? 'bad' : ''}>{formatCount(quote.balanceAfter)}</strong>
      </p>
      <p className="soft">
        {skipped.length > 0
          ? `Left out: ${skipped.map(({ reason, count }) => `${formatCount(count)} ${describeSkipped(reason)}`).join(', ')}. `
          : ''}
        {quote.maxCredits > quote.estimatedCredits
          ? `Busy cells may be free when their turn comes, so the job holds up to ${formatUnits(quote.maxCredits, 'credit')}. `
          : ''}
        Only filled cells are paid for.
      </p>
    </div>
  );
}
