-- When a job's reference at billing was closed: from then on nothing is held for it, whatever is still to be done. A job that
-- is parked has closed it long ago.
alter table job add column credits_released_at timestamptz;
update job set credits_released_at = parked_at where state = 'compensation_failed';
