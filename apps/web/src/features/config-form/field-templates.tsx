import { titleId } from '@rjsf/utils';
import type { FieldTemplateProps, ObjectFieldTemplateProps } from '@rjsf/utils';

/** A label, what it means, the control, and what is wrong with its value. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, required, rawDescription, description, hidden, schema, uiSchema, children, errors } = props;
  if (hidden) return null;
  // A group shows its title itself, a tick box stands before its label.
  const bare = schema.type === 'boolean' || (schema.type === 'object' && uiSchema?.['ui:field'] === undefined);
  return (
    <div className="field">
      {!bare && (
        <label id={titleId(id)} htmlFor={id}>
          {label}
          {!required && <span className="optional"> (optional)</span>}
        </label>
      )}
      {!bare && rawDescription ? description : null}
      {children}
      {errors}
    </div>
  );
}

/** Fields that belong together; the outermost ones need no frame. */
export function GroupTemplate({ title, description, properties, fieldPathId }: ObjectFieldTemplateProps) {
  const fields = properties.map(({ content }) => content);
  if (fieldPathId.path.length === 0) return <div className="form-fields">{fields}</div>;
  return (
    <fieldset className="form-group">
      <legend>{title}</legend>
      {description && <p className="field-description">{description}</p>}
      {fields}
    </fieldset>
  );
}
