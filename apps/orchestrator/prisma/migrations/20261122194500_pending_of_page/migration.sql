-- The open cells of one page are read by every worker that takes the page and once more by its seal. An index that leads to
-- exactly them makes that the same small look-up in a small list, a large one, and one whose statistics are out of date.
drop index cell_pending;
create index cell_pending on cell (workspace_id, job_id, page_no) where status = 'pending';
