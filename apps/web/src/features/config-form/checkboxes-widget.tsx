import { ariaDescribedByIds, titleId } from '@rjsf/utils';
import type { WidgetProps } from '@rjsf/utils';

/** Any number of given values, in the order in which they are offered. */
export function CheckboxesWidget({ id, value, options, onChange }: WidgetProps) {
  const offered = options.enumOptions ?? [];
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const choose = (changed: unknown, wanted: boolean): void =>
    onChange(
      offered
        .map((option) => option.value as unknown)
        .filter((one) => (one === changed ? wanted : chosen.includes(one))),
    );
  return (
    <div className="choices" role="group" aria-labelledby={titleId(id)} aria-describedby={ariaDescribedByIds(id)}>
      {offered.map((option, index) => (
        <label key={option.label} className="choice">
          <input
            type="checkbox"
            id={index === 0 ? id : `${id}-${index}`}
            checked={chosen.includes(option.value)}
            onChange={(event) => choose(option.value, event.target.checked)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
