import { ariaDescribedByIds } from '@rjsf/utils';
import type { WidgetProps } from '@rjsf/utils';
import { Combobox } from '../../ui/combobox.js';
import type { Referable } from './references.js';

/** Names one attribute or column. */
export function ReferenceWidget({ id, value, rawErrors, onChange, registry }: WidgetProps) {
  const { referables } = registry.formContext as { readonly referables: readonly Referable[] };
  return (
    <Combobox
      id={id}
      value={typeof value === 'string' ? value : ''}
      options={referables.map(({ name, kind }) => ({ value: name, hint: kind }))}
      placeholder="Choose an attribute or column"
      invalid={(rawErrors ?? []).length > 0}
      describedBy={ariaDescribedByIds(id)}
      onChange={(name) => onChange(name === '' ? undefined : name)}
    />
  );
}
