import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import type { List } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { ImportOutcome } from './import-outcome.js';

interface ImportDialogProps {
  readonly list: List;
  readonly onClose: () => void;
}

/** Adds the rows of a CSV file to a list; the live updates show them. */
export function ImportDialog({ list, onClose }: ImportDialogProps) {
  const api = useApi();
  const [file, setFile] = useState<File>();
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: (chosen: File) => api.importCsv(list.id, chosen),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.lists }),
  });
  return (
    <Dialog title={`Import into ${list.name}`} onClose={onClose}>
      {run.data ? (
        <ImportOutcome listId={list.id} outcome={run.data} onClose={onClose} />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (file) run.mutate(file);
          }}
        >
          <label className="field">
            <span>CSV file</span>
            <input type="file" required accept=".csv,text/csv" onChange={(event) => setFile(event.target.files?.[0])} />
            <small className="soft">
              The first line names the attributes. A broken line is left out, the rest comes in.
            </small>
          </label>
          {run.isError && <Notice tone="bad">{run.error.message}</Notice>}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button button-primary" disabled={!file || run.isPending}>
              {run.isPending ? 'Importing…' : 'Import'}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
