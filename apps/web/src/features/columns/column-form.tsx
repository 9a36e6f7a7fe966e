import Form from '@rjsf/core/lib/components/Form.js';
import type { RJSFSchema } from '@rjsf/utils';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useApi } from '../../api.context.js';
import type { Column, List, Service } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Notice } from '../../ui/notice.js';
import { offeredSchema } from './offered-schema.js';
import { schemaValidator } from './schema-validator.js';
import { suggestName } from './suggest-name.js';

interface ColumnFormProps {
  readonly list: List;
  readonly service: Service;
  readonly onBack: () => void;
  readonly onCreated: (column: Column) => void;
}

/** Name and configuration of a new column. */
export function ColumnForm({ list, service, onBack, onCreated }: ColumnFormProps) {
  const api = useApi();
  const client = useQueryClient();
  const [typedName, setTypedName] = useState<string>();
  const [config, setConfig] = useState<Column['config']>({});
  const name = typedName ?? suggestName(config);
  const schema = useMemo(
    () => offeredSchema(service.config as RJSFSchema, list.entityType),
    [service.config, list.entityType],
  );
  const create = useMutation({
    mutationFn: () => api.createColumn(list.id, { name: name.trim(), service: service.id, config }),
    onSuccess: async (column) => {
      await client.invalidateQueries({ queryKey: keys.columns(list.id) });
      onCreated(column);
    },
  });
  return (
    <div className="stack">
      <Form
        className="schema-form"
        idPrefix="config"
        schema={schema}
        formData={config}
        validator={schemaValidator}
        showErrorList={false}
        onChange={({ formData }) => setConfig((formData ?? {}) as Column['config'])}
        onSubmit={() => create.mutate()}
      >
        <label className="field">
          <span>Column name</span>
          <input required maxLength={200} value={name} onChange={(event) => setTypedName(event.target.value)} />
        </label>
        {create.isError && <Notice tone="bad">{create.error.message}</Notice>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onBack}>
            Back
          </button>
          <button type="submit" className="button button-primary" disabled={create.isPending}>
            Create column
          </button>
        </div>
      </Form>
    </div>
  );
}
