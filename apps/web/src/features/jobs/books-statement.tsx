import { formatCount, formatUnits } from '../../format.js';
import { useBooks } from '../../queries.js';

/** Whether the books of a finished job are closed, recomputed by the service from both databases. */
export function BooksStatement({ jobId }: { readonly jobId: string }) {
  const { data: books, isError } = useBooks(jobId);
  if (isError) return <p className="books soft">The books could not be read now.</p>;
  if (!books) return <p className="books soft">Checking the books…</p>;
  if (books.closed) {
    return (
      <p className="books books-closed" role="status">
        Books closed: {formatUnits(books.capturedCells, 'cell')} paid, {formatCount(books.billableFilledCells)} filled,
        nothing held.
      </p>
    );
  }
  return (
    <div className="books books-open" role="alert">
      <p>
        Books not closed: {formatUnits(books.capturedCells, 'cell')} paid, {formatCount(books.billableFilledCells)}{' '}
        filled, {formatUnits(books.openHolds, 'open hold')}, {formatUnits(books.pendingCells, 'pending cell')}.
      </p>
      {books.differences.length > 0 && (
        <ul>
          {books.differences.slice(0, 5).map(({ kind, detail }, index) => (
            <li key={`${kind}-${index}`}>{detail}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
