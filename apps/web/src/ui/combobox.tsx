import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

export interface ComboboxOption {
  readonly value: string;
  /** What kind of thing it is, beside the value. */
  readonly hint?: string;
}

interface ComboboxProps {
  readonly id: string;
  readonly value: string;
  readonly options: readonly ComboboxOption[];
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  /** What is typed only searches, and is gone when nothing was chosen. Otherwise it is the value, offered or not. */
  readonly onlyOffered?: boolean;
}

/** A choice that is searched by typing: arrows move, Enter chooses, Escape closes. */
export function Combobox(props: ComboboxProps) {
  const { id, value, options, onChange, placeholder, label, describedBy, invalid = false, onlyOffered = false } = props;
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string>();
  const [active, setActive] = useState(0);
  const shown = options.filter((option) => fits(option, typed));

  const show = (index: number): void => {
    setOpen(true);
    setActive(index);
    requestAnimationFrame(() => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }));
  };
  const close = (): void => {
    setOpen(false);
    setTyped(undefined);
  };
  const choose = (chosen: string): void => {
    onChange(chosen);
    close();
  };
  const leave = (): void => {
    if (typed !== undefined && !onlyOffered) onChange(offeredAs(typed, options));
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = open ? shown[active] : undefined;
    if (event.key === 'ArrowDown') show(open ? Math.min(active + 1, shown.length - 1) : 0);
    else if (event.key === 'ArrowUp') show(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && chosen) choose(chosen.value);
    else if (event.key === 'Escape' && open) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="combobox">
      <input
        id={id}
        className="form-control"
        role="combobox"
        autoComplete="off"
        aria-label={label}
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && shown[active] ? `${listId}-${active}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        placeholder={placeholder}
        value={typed ?? value}
        onChange={({ target }) => {
          setTyped(target.value);
          show(0);
        }}
        onClick={() =>
          show(
            Math.max(
              0,
              shown.findIndex((option) => option.value === value),
            ),
          )
        }
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {open && (
        // The focus stays in the input; its blur must not come before the choice.
        <ul
          ref={list}
          id={listId}
          role="listbox"
          className="combobox-list"
          onMouseDown={(event) => event.preventDefault()}
        >
          {shown.map((option, index) => (
            <li
              key={`${option.hint ?? ''} ${option.value}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onClick={() => choose(option.value)}
            >
              <span>{option.value}</span>
              {option.hint && <small className="soft">{option.hint}</small>}
            </li>
          ))}
          {shown.length === 0 && <li className="soft combobox-none">Nothing of that name</li>}
        </ul>
      )}
    </div>
  );
}

const fits = ({ value }: ComboboxOption, typed: string | undefined): boolean =>
  typed === undefined || value.toLowerCase().includes(typed.trim().toLowerCase());

/** What was typed as it is offered, whatever its case. */
const offeredAs = (typed: string, options: readonly ComboboxOption[]): string =>
  options.find(({ value }) => value.toLowerCase() === typed.trim().toLowerCase())?.value ?? typed.trim();
