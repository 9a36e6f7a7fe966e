import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import { useToast } from '../../ui/toasts.js';

/** Cancels a job. It asks once more in place, since everything that the job filled is taken back. */
export function CancelButton({ jobId }: { readonly jobId: string }) {
  const api = useApi();
  const toast = useToast();
  const [asked, setAsked] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.cancelJob(jobId),
    onError: (error) => {
      setAsked(false);
      toast({ tone: 'bad', text: error.message });
    },
  });
  if (cancel.isPending || cancel.isSuccess) {
    return (
      <button type="button" className="button button-small" disabled>
        Cancelling…
      </button>
    );
  }
  if (!asked) {
    return (
      <button type="button" className="button button-small" onClick={() => setAsked(true)}>
        Cancel job
      </button>
    );
  }
  return (
    <span className="confirm">
      <button type="button" className="button button-small button-danger" onClick={() => cancel.mutate()}>
        Cancel and restore
      </button>
      <button type="button" className="button button-small" autoFocus onClick={() => setAsked(false)}>
        Keep going
      </button>
    </span>
  );
}
