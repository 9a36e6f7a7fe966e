-- What jobs wrote at providers, how its undo went, and undos that are parked because a provider refuses (rules R7 and R8).

-- The effect journal: one row for each try to write a record, written before the write. Insert-only.
create table effect (
  workspace_id text not null,
  id bigint generated always as identity,
  job_id text not null,
  page_no integer not null,
  step_no integer not null,
  service_id text not null,
  row_id text not null,
  column_id text not null,
  -- Digest of service and target: the record, whichever page wrote it.
  record text not null,
  key text not null,
  target jsonb not null,
  -- Null where there was no record.
  before jsonb,
  after jsonb not null,
  journaled_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, id),
  foreign key (workspace_id, job_id, page_no, step_no) references job_step (workspace_id, job_id, page_no, step_no),
  foreign key (workspace_id, row_id) references list_row (workspace_id, id),
  foreign key (workspace_id, column_id) references list_column (workspace_id, id)
);
create index effect_of_record on effect (workspace_id, job_id, record, id);
create index effect_of_step on effect (workspace_id, job_id, page_no, step_no, record);

-- How the revert of a record ended: one for each job and record, whoever reported it first.
create table effect_outcome (
  workspace_id text not null,
  job_id text not null,
  record text not null,
  page_no integer not null,
  step_no integer not null,
  outcome text not null check (outcome in ('restored', 'archived', 'unchanged', 'changed_meanwhile')),
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, job_id, record),
  foreign key (workspace_id, job_id, page_no, step_no) references job_step (workspace_id, job_id, page_no, step_no)
);

do $$
declare t text;
begin
  foreach t in array array['effect', 'effect_outcome']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy tenant on %I using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', t);
    execute format('grant select, insert on %I to uno_app', t);
  end loop;
end $$;

create function refuse_effect_change() returns trigger language plpgsql as $$
begin
  raise exception 'the effect journal is insert-only';
end $$;
create trigger effect_insert_only before update or delete on effect for each row execute function refuse_effect_change();
create trigger effect_outcome_insert_only before update or delete on effect_outcome for each row execute function refuse_effect_change();

-- Outcomes by the page that reported them, so that a job's totals stay sums over its pages.
alter table job_page
  add column reverted integer not null default 0,
  add column changed_meanwhile integer not null default 0;

alter table job
  -- When it was fenced first: since then nothing is journaled any more.
  add column undo_began_at timestamptz,
  -- Records to take back, counted once, when the pages were restored.
  add column revert_records integer,
  -- Of an undo that was parked: why, how often, since when, and when it is tried again.
  add column revert_failure jsonb,
  add column revert_attempts integer not null default 0,
  add column parked_at timestamptz,
  add column next_revert_at timestamptz;

alter table job_control drop constraint job_control_action_check;
alter table job_control add constraint job_control_action_check
  check (action in ('pause', 'resume', 'cancel', 'approve', 'reject', 'compensate'));

-- Parked undos that are due, over all workspaces, the one that waits longest first.
-- (`state not in` names the condition of the index job_live.)
create function parked_jobs_due(how_many integer) returns table (workspace_id text, job_id text, owner text, fence integer)
language sql stable security definer set search_path = public as
$$
  select j.workspace_id, j.id, j.owner, j.fence from job j
  where j.state not in ('completed', 'failed', 'cancelled') and j.state = 'compensation_failed' and j.next_revert_at <= clock_timestamp()
  order by j.next_revert_at limit how_many
$$;

create function count_parked_jobs() returns bigint
language sql stable security definer set search_path = public as
$$
  select count(*) from job j
  where j.state not in ('completed', 'failed', 'cancelled') and j.state = 'compensation_failed'
$$;

revoke execute on function parked_jobs_due, count_parked_jobs from public;
grant execute on function parked_jobs_due, count_parked_jobs to uno_app;
