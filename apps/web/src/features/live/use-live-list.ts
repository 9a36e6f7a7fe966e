import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '../../api.context.js';
import { mergeJobs } from '../jobs/job-facts.js';
import type { Credits, Job } from '../../api.types.js';
import { keys } from '../../queries.js';
import { LiveList } from './live-list.js';
import type { LiveStatus } from './live-list.js';

/** Opens the live updates of a list and keeps its jobs, its structure and the credits of the page up to date with them. */
export function useLiveList(listId: string): { live: LiveList | undefined; status: LiveStatus } {
  const api = useApi();
  const client = useQueryClient();
  const [live, setLive] = useState<LiveList>();
  const [status, setStatus] = useState<LiveStatus>('connecting');

  useEffect(() => {
    const opened = new LiveList(api.live(), listId);
    opened.listen({
      onStatus: setStatus,
      onJobs: (jobs) => {
        client.setQueryData<readonly Job[]>(keys.jobs(listId), (known) => mergeJobs(known ?? [], jobs));
      },
      onCredits: (credits) => client.setQueryData<Credits>(keys.credits, credits),
      onStructure: () => {
        void client.invalidateQueries({ queryKey: keys.lists });
        void client.invalidateQueries({ queryKey: keys.columns(listId) });
      },
      onDeleted: () => void client.invalidateQueries({ queryKey: keys.lists }),
    });
    opened.open();
    setStatus('connecting');
    setLive(opened);
    return () => opened.close();
  }, [api, client, listId]);

  return { live, status };
}
