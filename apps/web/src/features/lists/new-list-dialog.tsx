import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import type { EntityType } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { ImportOutcome } from './import-outcome.js';

interface NewListDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (listId: string) => void;
}

/** Makes a list, from a CSV file where one is chosen. */
export function NewListDialog({ onClose, onCreated }: NewListDialogProps) {
  const api = useApi();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [entityType, setEntityType] = useState<EntityType>('company');
  const [file, setFile] = useState<File>();
  const create = useMutation({
    mutationFn: async () => {
      const list = await api.createList({ name: name.trim(), entityType });
      const outcome = file ? await api.importCsv(list.id, file) : undefined;
      return { list, outcome };
    },
    onError: () => client.invalidateQueries({ queryKey: keys.lists }),
    onSuccess: async ({ list, outcome }) => {
      await client.invalidateQueries({ queryKey: keys.lists });
      onCreated(list.id);
      if (!outcome) onClose();
    },
  });

  if (create.data?.outcome) {
    const { list, outcome } = create.data;
    return (
      <Dialog title="Imported" onClose={onClose}>
        <ImportOutcome listId={list.id} outcome={outcome} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title="New list" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <label className="field">
          <span>Name</span>
          <input required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <fieldset className="field segmented">
          <legend>Each row is a</legend>
          {(['company', 'contact'] as const).map((type) => (
            <label key={type}>
              <input type="radio" name="type" checked={entityType === type} onChange={() => setEntityType(type)} />
              <span>{type === 'company' ? 'Company' : 'Contact'}</span>
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>CSV file (optional)</span>
          <input
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              setFile(chosen);
              if (chosen && !name) setName(chosen.name.replace(/\.csv$/i, ''));
            }}
          />
          <small className="soft">The first line names the attributes.</small>
        </label>
        {create.isError && <Notice tone="bad">{create.error.message}</Notice>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary" disabled={create.isPending}>
            {create.isPending ? (file ? 'Importing…' : 'Creating…') : 'Create list'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
