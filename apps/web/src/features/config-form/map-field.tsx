import { titleId } from '@rjsf/utils';
import type { FieldProps } from '@rjsf/utils';
import { useRef, useState } from 'react';
import { Combobox } from '../../ui/combobox.js';
import { sentencesIn } from './faults.js';
import type { Referable } from './references.js';
import { asSchema, controlOf } from './schema-words.js';
import { Sentences } from './sentences.js';

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

/** Names of the user's own choice, each with a text or with the attribute or column that it takes its value from. */
export function MapField({ fieldPathId, schema, formData, errorSchema, onChange, registry }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  const { referables } = registry.formContext as { readonly referables: readonly Referable[] };
  const [entries, setEntries] = useState(() => entriesOf(formData));
  const nextId = useRef(entries.length);
  const names = entries.map(({ name }) => name.trim());
  const isReference = controlOf(asSchema(schema.additionalProperties)) === 'reference';

  const keep = (kept: readonly Entry[]): void => {
    setEntries(kept);
    // What has no name yet is not part of the config; what has no value yet is, and is refused there.
    const named = kept.filter(({ name }) => name.trim() !== '');
    onChange(Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])), path);
  };
  const change = (changed: number, part: Partial<Entry>): void =>
    keep(entries.map((entry) => (entry.id === changed ? { ...entry, ...part } : entry)));

  return (
    <div className="map" role="group" aria-labelledby={titleId(id)}>
      {entries.map(({ id: key, name, value }, index) => (
        <div key={key} className="map-entry">
          <input
            id={index === 0 ? id : `${id}-${key}`}
            className="form-control"
            aria-label={`Property ${index + 1}`}
            placeholder="Property"
            value={name}
            maxLength={128}
            aria-invalid={name.trim() !== '' && names.indexOf(name.trim()) !== index}
            onChange={({ target }) => change(key, { name: target.value })}
          />
          <span aria-hidden="true">←</span>
          {isReference ? (
            <Combobox
              id={`${id}-${key}-value`}
              label={`Value of ${name || `property ${index + 1}`}`}
              value={value}
              options={referables.map((one) => ({ value: one.name, hint: one.kind }))}
              placeholder="Attribute or column"
              onChange={(chosen) => change(key, { value: chosen })}
            />
          ) : (
            <input
              className="form-control"
              aria-label={`Value of ${name || `property ${index + 1}`}`}
              value={value}
              onChange={({ target }) => change(key, { value: target.value })}
            />
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove ${name || `property ${index + 1}`}`}
            onClick={() => keep(entries.filter((entry) => entry.id !== key))}
          >
            ×
          </button>
          <Sentences sentences={faultsOfEntry(entries, index, errorSchema)} />
        </div>
      ))}
      <button
        type="button"
        className="button button-small"
        onClick={() => setEntries([...entries, { id: nextId.current++, name: '', value: '' }])}
      >
        Add a property
      </button>
    </div>
  );
}

function faultsOfEntry(entries: readonly Entry[], index: number, errors: FieldProps['errorSchema']): string[] {
  const { name = '', value = '' } = entries[index] ?? {};
  if (name.trim() === '') return value === '' ? [] : ['needs the name of a property'];
  const isRepeated = entries.findIndex((other) => other.name.trim() === name.trim()) !== index;
  if (isRepeated) return [`“${name.trim()}” is there already; the last one counts.`];
  return sentencesIn((errors as Record<string, typeof errors> | undefined)?.[name.trim()]);
}

/** One empty entry to begin with. */
function entriesOf(value: unknown): readonly Entry[] {
  const known = Object.entries(Object(value) as Record<string, unknown>);
  const pairs = known.length > 0 ? known : [['', ''] as const];
  return pairs.map(([name, one], id) => ({ id, name, value: typeof one === 'string' ? one : '' }));
}
