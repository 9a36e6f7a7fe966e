import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import type { Column, Job, JobRequest, List } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { ColumnChoice } from './column-choice.js';
import { mergeJobs } from './job-facts.js';
import { QuoteView } from './quote-view.js';
import { ScopeChoice } from './scope-choice.js';
import type { ScopeType } from './scope-choice.js';
import { TrialOffer } from './trial-offer.js';

interface FillDialogProps {
  readonly list: List;
  readonly columns: readonly Column[];
  readonly preselected: readonly string[];
  readonly selectedRows: readonly string[];
  readonly onClose: () => void;
}

/** Chooses what to fill, shows what it will cost at most, and starts the job. */
export function FillDialog({ list, columns, preselected, selectedRows, onClose }: FillDialogProps) {
  const api = useApi();
  const client = useQueryClient();
  const [columnIds, setColumnIds] = useState(preselected);
  const [scope, setScope] = useState<ScopeType>(selectedRows.length > 0 ? 'rows' : 'missing');
  const [overwriteEdits, setOverwriteEdits] = useState(false);
  const request: JobRequest = {
    columnIds: [...columnIds],
    scope: scope === 'rows' ? { type: 'rows', rowIds: [...selectedRows] } : { type: scope },
    overwriteEdits,
  };
  const quote = useQuery({
    queryKey: ['quote', list.id, request],
    queryFn: () => api.quote(list.id, request),
    enabled: columnIds.length > 0,
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const start = useMutation({
    mutationFn: (wanted: JobRequest) => api.startJob(list.id, wanted),
    onSuccess: (job) => {
      client.setQueryData<readonly Job[]>(keys.jobs(list.id), (known) => mergeJobs(known ?? [], [job]));
      onClose();
    },
  });
  const short =
    quote.data !== undefined && quote.data.maxCredits > quote.data.balanceAfter + quote.data.estimatedCredits;
  const nothing = quote.data?.eligible === 0;

  return (
    <Dialog title="Fill cells" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate(request);
        }}
      >
        <ColumnChoice columns={columns} chosen={columnIds} onChange={setColumnIds} />
        <ScopeChoice scope={scope} selectedRows={selectedRows.length} onChange={setScope} />
        <label className="check">
          <input
            type="checkbox"
            checked={overwriteEdits}
            onChange={(event) => setOverwriteEdits(event.target.checked)}
          />
          <span>Also overwrite cells edited by hand</span>
        </label>
        <QuoteView quote={quote.data} loading={quote.isFetching} error={quote.error} />
        <TrialOffer listId={list.id} request={request} busy={start.isPending} onTry={(trial) => start.mutate(trial)} />
        {short && (
          <Notice tone="warn">There are not enough credits for this job. It would end before any cell changes.</Notice>
        )}
        {start.isError && <Notice tone="bad">{start.error.message}</Notice>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={columnIds.length === 0 || nothing || quote.data === undefined || start.isPending}
          >
            {start.isPending ? 'Starting…' : 'Start'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
