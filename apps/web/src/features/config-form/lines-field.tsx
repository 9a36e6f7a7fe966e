import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { sentencesIn } from './faults.js';
import { Sentences } from './sentences.js';

const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** Some texts, one a line. */
export function LinesField({ fieldPathId, formData, errorSchema, onChange }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  // An empty line is nothing to keep, but somebody may be about to type on it.
  const [text, setText] = useState(() => (Array.isArray(formData) ? formData.join('\n') : ''));
  return (
    <>
      <textarea
        id={id}
        className="form-control"
        rows={4}
        placeholder="One a line"
        value={text}
        aria-describedby={ariaDescribedByIds(id)}
        onChange={({ target }) => {
          setText(target.value);
          onChange(linesIn(target.value), path);
        }}
      />
      <Sentences sentences={sentencesIn(errorSchema)} />
    </>
  );
}
