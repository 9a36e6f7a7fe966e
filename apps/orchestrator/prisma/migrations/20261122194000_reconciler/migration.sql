-- What the reconciler remembers between two ticks. None of it is needed by a job that runs well.

-- A job whose workflow was not there: at which tick that was first seen, for which owner, and how often it was taken over.
create table job_watch (
  workspace_id text not null,
  job_id text not null,
  owner text,
  fence integer not null,
  -- Null while the workflow is there.
  first_tick text,
  missing_since timestamptz,
  takeovers integer not null default 0,
  next_takeover_at timestamptz not null default now(),
  primary key (workspace_id, job_id),
  foreign key (workspace_id, job_id) references job (workspace_id, id)
);

-- Up to where a workspace's ledger was folded, what that gave, and a digest of it: the past of a ledger does not change.
create table ledger_mark (
  workspace_id text not null references workspace (id),
  entry_id bigint not null,
  digest text not null,
  granted bigint not null,
  available bigint not null,
  held bigint not null,
  spent bigint not null,
  marked_at timestamptz not null default now(),
  primary key (workspace_id)
);

-- Laws that are broken now: found by the last look, gone when a later look does not find them again.
create table law_violation (
  workspace_id text not null references workspace (id),
  id text not null,
  -- What was looked at: a job by its id, or the workspace.
  scope text not null,
  law text not null,
  kind text not null,
  ids jsonb not null,
  found_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index law_violation_of_scope on law_violation (workspace_id, scope);

-- When the laws were checked for a job that is final.
alter table job add column audited_at timestamptz;
create index job_unaudited on job (finished_at) where audited_at is null and state in ('completed', 'failed', 'cancelled');

do $$
declare t text;
begin
  foreach t in array array['job_watch', 'ledger_mark', 'law_violation']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy tenant on %I using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', t);
    execute format('grant select, insert, update, delete on %I to uno_app', t);
  end loop;
end $$;

-- Look-ups over all workspaces. Each answers with ids, states and numbers alone.

-- Jobs that need a workflow: live ones whose start was relayed. An undo that is parked waits for a person, not for a workflow.
create function jobs_to_watch(after_id text, how_many integer)
returns table (workspace_id text, job_id text, owner text, fence integer, missing boolean)
language sql stable security definer set search_path = public as
$$
  select j.workspace_id, j.id, j.owner, j.fence, w.missing_since is not null from job j
  left join job_watch w on w.workspace_id = j.workspace_id and w.job_id = j.id
  where j.id > after_id and j.state not in ('completed', 'failed', 'cancelled') and j.state <> 'compensation_failed'
    and not exists (select from outbox o where o.relayed_at is null and o.topic = 'start-job' and o.payload ->> 'jobId' = j.id)
  order by j.id limit how_many
$$;

create function jobs_to_audit(how_many integer) returns table (workspace_id text, job_id text)
language sql stable security definer set search_path = public as
$$
  select j.workspace_id, j.id from job j
  where j.audited_at is null and j.state in ('completed', 'failed', 'cancelled') order by j.finished_at limit how_many
$$;

-- Jobs with a broken law, to be looked at again; those that were found first come first.
create function jobs_in_violation(how_many integer) returns table (workspace_id text, job_id text)
language sql stable security definer set search_path = public as
$$
  select v.workspace_id, v.scope from law_violation v where v.scope <> 'workspace'
  group by v.workspace_id, v.scope order by min(v.found_at) limit how_many
$$;

-- Workspaces whose credits may have moved since the last look, and those with a broken law; longest unseen first.
create function workspaces_to_audit() returns table (workspace_id text)
language sql stable security definer set search_path = public as
$$
  select w.workspace_id from (
    select j.workspace_id from job j where j.state not in ('completed', 'failed', 'cancelled')
    union select j.workspace_id from job j where j.audited_at is null and j.state in ('completed', 'failed', 'cancelled')
    union select v.workspace_id from law_violation v
  ) w left join ledger_mark m using (workspace_id) order by m.marked_at nulls first
$$;

-- Of holds at billing: whether the account is a workspace of ours, and what became of the job. Others may share a billing.
create function jobs_of_holds(accounts text[], refs text[]) returns table (account_id text, reference text, state text)
language sql stable security definer set search_path = public as
$$
  select h.account_id, h.reference, j.state from unnest(accounts, refs) as h (account_id, reference)
  join workspace w on w.id = h.account_id
  left join job j on j.workspace_id = h.account_id and j.id = h.reference
$$;

create function count_law_violations() returns table (law text, violations bigint)
language sql stable security definer set search_path = public as
$$ select v.law, count(*) from law_violation v group by v.law $$;

revoke execute on function jobs_to_watch, jobs_to_audit, jobs_in_violation, workspaces_to_audit, jobs_of_holds, count_law_violations from public;
grant execute on function jobs_to_watch, jobs_to_audit, jobs_in_violation, workspaces_to_audit, jobs_of_holds, count_law_violations to uno_app;
