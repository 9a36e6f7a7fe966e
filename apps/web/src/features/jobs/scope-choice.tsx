import { formatUnits } from '../../format.js';

export type ScopeType = 'missing' | 'all' | 'rows';

interface ScopeChoiceProps {
  readonly scope: ScopeType;
  readonly selectedRows: number;
  readonly onChange: (scope: ScopeType) => void;
}

export function ScopeChoice({ scope, selectedRows, onChange }: ScopeChoiceProps) {
  const options: readonly { type: ScopeType; title: string; hint: string; disabled?: boolean }[] = [
    { type: 'missing', title: 'Missing cells', hint: 'Blank, not found, failed or skipped' },
    { type: 'all', title: 'All cells', hint: 'Filled cells are looked up again' },
    {
      type: 'rows',
      title: 'Selected rows',
      hint: selectedRows > 0 ? formatUnits(selectedRows, 'row') : 'Tick rows in the grid first',
      disabled: selectedRows === 0,
    },
  ];
  return (
    <fieldset className="field">
      <legend>Fill</legend>
      <div className="scopes">
        {options.map(({ type, title, hint, disabled }) => (
          <label key={type} className="scope">
            <input
              type="radio"
              name="scope"
              checked={scope === type}
              disabled={disabled ?? false}
              onChange={() => onChange(type)}
            />
            <span>
              <strong>{title}</strong>
              <small className="soft">{hint}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
