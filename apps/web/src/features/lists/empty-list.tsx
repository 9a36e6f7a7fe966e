/** What a list without rows shows in place of the grid. */
export function EmptyList({ onImport }: { readonly onImport: () => void }) {
  return (
    <div className="empty">
      <h2>This list has no rows yet</h2>
      <p className="soft">
        Import a CSV file with one company or contact per line. Its first line names the attributes.
      </p>
      <button type="button" className="button button-primary" onClick={onImport}>
        Import CSV
      </button>
    </div>
  );
}
