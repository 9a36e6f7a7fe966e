import Form from '@rjsf/core/lib/components/Form.js';
import type { ErrorSchema, FormValidation, RJSFSchema, RegistryFieldsType } from '@rjsf/utils';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Column, EntityType } from '../../api.types.js';
import { CheckboxesWidget } from './checkboxes-widget.js';
import { errorTree } from './faults.js';
import { FieldTemplate, GroupTemplate } from './field-templates.js';
import { formLayout } from './form-layout.js';
import { fitting, formSchema } from './form-schema.js';
import { JsonField } from './json-field.js';
import { LinesField } from './lines-field.js';
import { MapField } from './map-field.js';
import { PromptWidget } from './prompt-widget.js';
import { ReferenceWidget } from './reference-widget.js';
import { faultsOfReferences } from './references.js';
import type { Fault, Referable } from './references.js';
import { schemaValidator } from './schema-validator.js';

type Config = Column['config'];

interface ConfigFormProps {
  /** The service's own JSON Schema of a config. */
  readonly schema: RJSFSchema;
  readonly entityType: EntityType;
  readonly referables: readonly Referable[];
  readonly config: Config;
  /** What the server did not like about the config that it was sent. */
  readonly faults: readonly Fault[];
  readonly onChange: (config: Config) => void;
  /** Called with a config that the schema allows and whose names name something. */
  readonly onSubmit: (config: Config) => void;
  readonly children: ReactNode;
}

const WIDGETS = { checkboxes: CheckboxesWidget, template: PromptWidget, reference: ReferenceWidget };
const FIELDS = { map: MapField, lines: LinesField, json: JsonField };
const TEMPLATES = { FieldTemplate, ObjectFieldTemplate: GroupTemplate };
// An array begins empty, whatever it must hold in the end.
const DEFAULTS = { arrayMinItems: { populate: 'never' as const } };

/** The form for a column's config, made from the schema that its service registered. */
export function ConfigForm(props: ConfigFormProps) {
  const { entityType, referables, config, faults, onChange, onSubmit, children } = props;
  const schema = useMemo(() => formSchema(props.schema, entityType, config), [props.schema, entityType, config]);
  const layout = useMemo(() => formLayout(schema), [schema]);
  const context = useMemo(() => ({ referables }), [referables]);
  const extraErrors = useMemo(() => errorTree(faults), [faults]);

  const checkNames = (typed: Config | undefined, errors: FormValidation<Config>): FormValidation<Config> => {
    for (const { path, message } of faultsOfReferences(schema, typed, referables)) {
      const place = path.reduce<ErrorSchema | undefined>(
        (node, step) => (node as Record<string, ErrorSchema> | undefined)?.[step],
        errors as unknown as ErrorSchema,
      );
      (place as FormValidation | undefined)?.addError(message);
    }
    return errors;
  };
  const fit = (typed: unknown): Config => fitting(formSchema(props.schema, entityType, typed), typed ?? {}) as Config;

  return (
    <Form<Config>
      className="schema-form"
      idPrefix="config"
      schema={schema}
      uiSchema={layout}
      formData={config}
      formContext={context}
      validator={schemaValidator}
      customValidate={checkNames}
      extraErrors={extraErrors}
      widgets={WIDGETS}
      fields={FIELDS as RegistryFieldsType<Config>}
      templates={TEMPLATES}
      experimental_defaultFormStateBehavior={DEFAULTS}
      showErrorList={false}
      focusOnFirstError
      onError={() => undefined}
      onChange={({ formData }) => onChange(fit(formData))}
      onSubmit={({ formData }) => onSubmit(fit(formData))}
    >
      {children}
    </Form>
  );
}
