import type { Books, Job } from '../src/api/shapes.js';

export const LIST = {
  id: 'lst_1',
  name: 'Companies',
  entityType: 'company',
  rowCount: 10,
  identity: { name: 'Security' },
  attributes: ['Security', 'Sector'],
} as const;
export const COLUMNS = [
  { id: 'col_1', name: 'Industry', service: 'enrich', config: { attribute: 'industry' } },
  { id: 'col_2', name: 'Employees', service: 'enrich', config: { attribute: 'employees' } },
] as const;

/** A job of ten cells of which `settled` are filled. */
export function job(state: Job['state'], settled: number, more: Partial<Job> = {}): Job {
  const final = state === 'completed';
  return {
    id: 'job_1',
    listId: LIST.id,
    state,
    columnIds: ['col_1'],
    columnNames: ['Industry'],
    totals: {
      cells: 10,
      open: 10 - settled,
      pending: 0,
      filled: settled,
      notFound: 0,
      error: 0,
      skipped: 0,
      awaitingApproval: 0,
    },
    credits: { held: final ? 0 : 10 - settled, captured: settled, released: final ? 10 - settled : 0, refunded: 0 },
    skippedBy: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    ...(final ? { finishedAt: '2026-01-01T00:00:12.500Z' } : {}),
    ...more,
  };
}

export const CLOSED_BOOKS: Books = {
  closed: true,
  state: 'completed',
  openHolds: 0,
  pendingCells: 0,
  openReverts: 0,
  capturedCells: 10,
  billableFilledCells: 10,
  differences: [],
};

export const OPEN_BOOKS: Books = {
  ...CLOSED_BOOKS,
  closed: false,
  capturedCells: 11,
  differences: [
    { kind: 'captured_not_filled', detail: 'This cell was paid and is not filled.', cellVersionId: 'ver_9' },
  ],
};
