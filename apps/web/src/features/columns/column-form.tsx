import type { RJSFSchema } from '@rjsf/utils';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ApiProblem } from '../../api.js';
import { useApi } from '../../api.context.js';
import type { Column, List, Service } from '../../api.types.js';
import { keys, useColumns } from '../../queries.js';
import { Notice } from '../../ui/notice.js';
import { ConfigForm } from '../config-form/config-form.js';
import { splitComplaints } from '../config-form/faults.js';
import { formSchema } from '../config-form/form-schema.js';
import { suggestName } from './suggest-name.js';

type Config = Column['config'];

interface ColumnFormProps {
  readonly list: List;
  readonly service: Service;
  /** The column to change; without one a column is added. */
  readonly column?: Column;
  readonly onBack: () => void;
  readonly onSaved: (column: Column) => void;
}

/** Name and configuration of a column. */
export function ColumnForm({ list, service, column, onBack, onSaved }: ColumnFormProps) {
  const api = useApi();
  const client = useQueryClient();
  const { data: columns } = useColumns(list.id);
  const [typedName, setTypedName] = useState(column?.name);
  const [config, setConfig] = useState<Config>(column?.config ?? {});
  const schema = service.config as RJSFSchema;
  const name = typedName ?? suggestName(formSchema(schema, list.entityType, config), config);
  const referables = useMemo(
    () => [
      ...list.attributes.map((attribute) => ({ name: attribute, kind: 'attribute' as const })),
      // A column that named itself would wait for itself.
      ...(columns ?? [])
        .filter(({ id }) => id !== column?.id)
        .map((other) => ({ name: other.name, kind: 'column' as const })),
    ],
    [list.attributes, columns, column],
  );
  const save = useMutation({
    mutationFn: (wanted: Config) => {
      const change = { name: name.trim(), config: wanted };
      return column
        ? api.changeColumn(list.id, column.id, change)
        : api.createColumn(list.id, { ...change, service: service.id });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.columns(list.id) });
      onSaved(saved);
    },
  });
  const complaints = useMemo(
    () => splitComplaints(save.error instanceof ApiProblem ? save.error.errors : []),
    [save.error],
  );
  const ofName = complaints.others.find(({ pointer }) => pointer === '/name');
  const elsewhere = complaints.ofConfig.length === 0 || complaints.others.some((other) => other !== ofName);
  return (
    <ConfigForm
      schema={schema}
      entityType={list.entityType}
      referables={referables}
      config={config}
      faults={complaints.ofConfig}
      onChange={(typed) => {
        setConfig(typed);
        // What the server said was about what is no longer there.
        if (save.isError) save.reset();
      }}
      onSubmit={(wanted) => save.mutate(wanted)}
    >
      <label className="field">
        <span>Column name</span>
        <input
          required
          maxLength={200}
          value={name}
          aria-invalid={ofName !== undefined}
          onChange={(event) => setTypedName(event.target.value)}
        />
        {ofName && <small className="bad">{ofName.detail}</small>}
      </label>
      {column && <p className="soft">Cells that are filled keep their values until they are filled again.</p>}
      {save.isError && !ofName && elsewhere && <Notice tone="bad">{save.error.message}</Notice>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onBack}>
          {column ? 'Cancel' : 'Back'}
        </button>
        <button type="submit" className="button button-primary" disabled={save.isPending}>
          {column ? 'Save column' : 'Create column'}
        </button>
      </div>
    </ConfigForm>
  );
}
