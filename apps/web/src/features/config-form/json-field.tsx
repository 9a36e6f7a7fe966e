import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { sentencesIn } from './faults.js';
import { Sentences } from './sentences.js';

/** A part of a config that has no form of its own, as JSON. */
export function JsonField({ fieldPathId, formData, errorSchema, onChange }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  const [text, setText] = useState(() => textOf(formData));
  return (
    <>
      <textarea
        id={id}
        className="form-control code"
        rows={8}
        spellCheck={false}
        value={text}
        aria-describedby={ariaDescribedByIds(id)}
        onChange={({ target }) => {
          setText(target.value);
          onChange(valueOf(target.value), path);
        }}
      />
      <Sentences sentences={sentencesIn(errorSchema)} />
    </>
  );
}

const textOf = (value: unknown): string =>
  value === undefined || isEmptyObject(value) ? '' : JSON.stringify(value, null, 2);

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** What is not JSON stays the text that it is, which the check of the form then refuses. */
function valueOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
