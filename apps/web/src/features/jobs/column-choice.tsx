import type { Column } from '../../api.types.js';

interface ColumnChoiceProps {
  readonly columns: readonly Column[];
  readonly chosen: readonly string[];
  readonly onChange: (columnIds: readonly string[]) => void;
}

export function ColumnChoice({ columns, chosen, onChange }: ColumnChoiceProps) {
  return (
    <fieldset className="field">
      <legend>Columns</legend>
      <div className="choices">
        {columns.map(({ id, name }) => (
          <label key={id} className="choice">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
