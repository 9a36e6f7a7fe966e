import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryCache, UseQueryResult } from '@tanstack/react-query';
import { ApiProblem } from './api.js';
import { useApi } from './api.context.js';
import { mergeJobs } from './features/jobs/job-facts.js';
import type { Books, CellDetails, Column, Credits, Effect, Job, List, Service } from './api.types.js';

export const keys = {
  lists: ['lists'],
  services: ['services'],
  credits: ['credits'],
  columns: (listId: string) => ['columns', listId],
  jobs: (listId: string) => ['jobs', listId],
  books: (jobId: string) => ['books', jobId],
  changedMeanwhile: (jobId: string, count: number) => ['changed-meanwhile', jobId, count],
  cell: (rowId: string, columnId: string) => ['cell', rowId, columnId],
} as const;

/** What the live updates tell of is not polled; the rest is refreshed when the window comes back into view. */
export const createQueryClient = (queryCache: QueryCache): QueryClient =>
  new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 3 && !(error instanceof ApiProblem && error.status < 500),
      },
    },
  });

export function useLists(): UseQueryResult<readonly List[]> {
  const api = useApi();
  return useQuery({ queryKey: keys.lists, queryFn: () => api.lists() });
}

export function useServices(): UseQueryResult<readonly Service[]> {
  const api = useApi();
  return useQuery({ queryKey: keys.services, queryFn: () => api.services() });
}

export function useColumns(listId: string): UseQueryResult<readonly Column[]> {
  const api = useApi();
  return useQuery({ queryKey: keys.columns(listId), queryFn: () => api.columns(listId) });
}

/** The jobs of a list. Fetched once; from then on the live updates keep them, and an answer never overtakes these. */
export function useJobs(listId: string): UseQueryResult<readonly Job[]> {
  const api = useApi();
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.jobs(listId),
    queryFn: async () => {
      const fetched = await api.jobs(listId);
      return mergeJobs(fetched, client.getQueryData<readonly Job[]>(keys.jobs(listId)) ?? []);
    },
    staleTime: Infinity,
  });
}

export function useCredits(): UseQueryResult<Credits> {
  const api = useApi();
  return useQuery({ queryKey: keys.credits, queryFn: () => api.credits(), refetchInterval: 30_000 });
}

/** The books of a finished job; they cannot change any more, but an open one is asked about again. */
export function useBooks(jobId: string): UseQueryResult<Books> {
  const api = useApi();
  return useQuery({
    queryKey: keys.books(jobId),
    queryFn: () => api.books(jobId),
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data && !state.data.closed ? 10_000 : false),
  });
}

/** Records that the undo of a job left alone; asked for again when there are more of them. */
export function useChangedMeanwhile(jobId: string, count: number): UseQueryResult<readonly Effect[]> {
  const api = useApi();
  return useQuery({
    queryKey: keys.changedMeanwhile(jobId, count),
    queryFn: () => api.changedMeanwhile(jobId),
    staleTime: Infinity,
  });
}

export function useCell(listId: string, rowId: string, columnId: string): UseQueryResult<CellDetails> {
  const api = useApi();
  return useQuery({
    queryKey: keys.cell(rowId, columnId),
    queryFn: () => api.cell({ listId, rowId, columnId }),
    staleTime: 0,
  });
}
