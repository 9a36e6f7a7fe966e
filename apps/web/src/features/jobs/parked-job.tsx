import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api.context.js';
import type { Job } from '../../api.types.js';
import { useToast } from '../../ui/toasts.js';
import { describeNextTry } from './job-facts.js';

/** Why a job could not take back what it wrote outside, and the button that lets it try at once. */
export function ParkedJob({ job }: { readonly job: Job }) {
  const api = useApi();
  const toast = useToast();
  const compensate = useMutation({
    mutationFn: () => api.compensateJob(job.id),
    onSuccess: () => toast({ tone: 'good', text: 'The job tries again to put everything back.' }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  });
  return (
    <div className="job-parked" role="alert">
      <p>{job.revertFailure?.message ?? 'What this job wrote outside could not be taken back.'}</p>
      {job.revertFailure && <p className="soft">{describeNextTry(job.revertFailure)}</p>}
      <button
        type="button"
        className="button button-small"
        disabled={compensate.isPending}
        onClick={() => compensate.mutate()}
      >
        {compensate.isPending ? 'Asking…' : 'Try again'}
      </button>
    </div>
  );
}
