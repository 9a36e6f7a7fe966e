import type { Column } from '../../api.types.js';

interface ColumnChoiceProps {
  readonly columns: readonly Column[];
  readonly chosen: readonly string[];
  readonly onChange: (columnIds: readonly string[]) => void;
}

export function ColumnChoice({ columns, chosen, onChange }: ColumnChoiceProps) {
  // In the order of the grid, whatever the order of the clicks.
  const choose = (changed: string, wanted: boolean): void =>
    onChange(columns.map(({ id }) => id).filter((id) => (id === changed ? wanted : chosen.includes(id))));
  return (
    <fieldset className="field">
      <legend>Columns</legend>
      <div className="choices">
        {columns.map(({ id, name }) => (
          <label key={id} className="choice">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) => choose(id, event.target.checked)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
