import { ariaDescribedByIds } from '@rjsf/utils';
import type { WidgetProps } from '@rjsf/utils';
import { useLayoutEffect, useRef, useState } from 'react';
import { Combobox } from '../../ui/combobox.js';
import { faultsOfText, insertName } from './references.js';
import type { Referable } from './references.js';
import { Sentences } from './sentences.js';

/** A text with names of attributes and columns in it, and a picker that puts one where the cursor is. */
export function PromptWidget({ id, value, required, schema, rawErrors = [], onChange, registry }: WidgetProps) {
  const { referables } = registry.formContext as { readonly referables: readonly Referable[] };
  const area = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState<number>();
  const text = typeof value === 'string' ? value : '';
  const change = (typed: string): void => onChange(typed === '' ? undefined : typed);
  // After a name was put in, writing goes on behind it.
  useLayoutEffect(() => {
    if (cursor === undefined) return;
    area.current?.focus();
    area.current?.setSelectionRange(cursor, cursor);
    setCursor(undefined);
  }, [cursor]);
  const insert = (name: string): void => {
    const { selectionStart = text.length, selectionEnd = text.length } = area.current ?? {};
    const inserted = insertName(text, name, { start: selectionStart, end: selectionEnd });
    change(inserted.text);
    setCursor(inserted.cursor);
  };
  const faults = faultsOfText(text, referables);
  return (
    <div className="prompt">
      <textarea
        ref={area}
        id={id}
        className="form-control"
        rows={5}
        required={required ?? false}
        maxLength={schema.maxLength}
        value={text}
        aria-invalid={faults.length > 0 || rawErrors.length > 0}
        aria-describedby={`${id}__names ${ariaDescribedByIds(id)}`}
        onChange={({ target }) => change(target.value)}
      />
      <Combobox
        id={`${id}__picker`}
        label="Insert an attribute or column"
        value=""
        options={referables.map(({ name, kind }) => ({ value: name, hint: kind }))}
        placeholder="Insert an attribute or column…"
        onChange={(name) => (name === '' ? undefined : insert(name))}
        onlyOffered
      />
      <Sentences id={`${id}__names`} sentences={faults.filter((fault) => !rawErrors.includes(fault))} />
    </div>
  );
}
