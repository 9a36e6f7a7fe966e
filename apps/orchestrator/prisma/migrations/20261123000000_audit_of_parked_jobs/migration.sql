-- The laws of money hold for a job whose undo is parked as for a final one, so it is checked when it is parked, and once more
-- when it is final.

drop index job_unaudited;
create index job_unaudited on job (finished_at)
where (audited_at is null or audited_at < finished_at) and state in ('completed', 'failed', 'cancelled', 'compensation_failed');

create or replace function jobs_to_audit(how_many integer) returns table (workspace_id text, job_id text)
language sql stable security definer set search_path = public as
$$
  select j.workspace_id, j.id from job j
  where (j.audited_at is null or j.audited_at < j.finished_at)
    and j.state in ('completed', 'failed', 'cancelled', 'compensation_failed')
  order by j.finished_at limit how_many
$$;

-- Workspaces whose credits may have moved since the last look, and those with a broken law; longest unseen first. One that
-- has a parked job is among those with a job that is not final.
create or replace function workspaces_to_audit() returns table (workspace_id text)
language sql stable security definer set search_path = public as
$$
  select w.workspace_id from (
    select j.workspace_id from job j where j.state not in ('completed', 'failed', 'cancelled')
    union select j.workspace_id from job j where (j.audited_at is null or j.audited_at < j.finished_at)
      and j.state in ('completed', 'failed', 'cancelled')
    union select v.workspace_id from law_violation v
  ) w left join ledger_mark m using (workspace_id) order by m.marked_at nulls first
$$;
