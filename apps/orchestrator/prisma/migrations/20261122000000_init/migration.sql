-- The orchestrator's schema. Every table that holds workspace data has the workspace first in its key and row-level security.

do $$ begin
  if not exists (select from pg_roles where rolname = 'uno_app') then create role uno_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;

create function current_workspace() returns text language sql stable as
$$ select nullif(current_setting('app.workspace', true), '') $$;

create table workspace (
  id text primary key,
  name text not null,
  spend_approval_above integer,
  created_at timestamptz not null default now()
);

create table api_key (
  workspace_id text not null references workspace (id),
  id text not null,
  name text not null,
  hash text not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (workspace_id, id)
);

-- Services belong to no workspace: they are what the workers registered.
create table service (
  id text primary key,
  title text not null,
  description text,
  entity_types text[] not null,
  returns text not null,
  price integer not null check (price >= 0),
  capabilities jsonb not null,
  task_queue text not null,
  contract_version integer not null,
  inputs text not null,
  config_schema jsonb not null,
  max_page_rows integer,
  absent_after_seconds integer not null,
  registered_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);

create table service_key (
  hash text primary key,
  service_id text not null,
  created_at timestamptz not null default now()
);

create table rate_bucket (
  provider text not null,
  key text not null,
  tokens double precision not null,
  rate double precision not null,
  blocked_until timestamptz,
  slowed_until timestamptz,
  updated_at timestamptz not null default now(),
  primary key (provider, key)
);

create table list (
  workspace_id text not null references workspace (id),
  id text not null,
  name text not null,
  entity_type text not null check (entity_type in ('company', 'contact')),
  identity jsonb not null default '{}',
  attributes text[] not null default '{}',
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (workspace_id, id)
);

-- Two counters in rows of their own: numbering rows must not wait for live events, nor the other way round.
create table list_counter (
  workspace_id text not null,
  list_id text not null,
  last_row_no integer not null default 0,
  primary key (workspace_id, list_id),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
);

create table list_sequence (
  workspace_id text not null,
  list_id text not null,
  seq bigint not null default 0,
  primary key (workspace_id, list_id),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
) with (fillfactor = 50);

create table list_row (
  workspace_id text not null,
  id text not null,
  list_id text not null,
  row_no integer not null,
  entity jsonb not null,
  entity_version integer not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, list_id, row_no),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
);

-- Positions are row numbers less the deleted rows before them.
create index list_row_deleted on list_row (workspace_id, list_id, row_no) where deleted_at is not null;

create table import_staging (
  workspace_id text not null,
  import_id text not null,
  line_no integer not null,
  entity jsonb not null,
  primary key (workspace_id, import_id, line_no)
);

create table list_column (
  workspace_id text not null,
  id text not null,
  list_id text not null,
  name text not null,
  service_id text not null references service (id),
  config jsonb not null,
  depends_on text[] not null default '{}',
  position integer not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
);
create unique index list_column_name on list_column (workspace_id, list_id, lower(name)) where deleted_at is null;

create table job (
  workspace_id text not null references workspace (id),
  id text not null,
  list_id text not null,
  state text not null default 'accepted' check (state in ('accepted', 'awaiting_approval', 'running', 'paused',
    'completing', 'completed', 'compensating', 'compensation_failed', 'failed', 'cancelled')),
  -- What workers are told: derived from acknowledged control rows and the state, kept here so that one read answers.
  control text not null default 'run' check (control in ('run', 'pause', 'stop')),
  owner text,
  fence integer not null default 0,
  plan jsonb not null,
  cells integer not null,
  max_cost integer not null,
  on_failure text not null check (on_failure in ('rollback', 'keep')),
  on_cancel text not null check (on_cancel in ('rollback', 'keep')),
  -- Set once by the fence, used by every later compensator.
  undo_mode text check (undo_mode in ('rollback', 'keep')),
  target_state text check (target_state in ('failed', 'cancelled')),
  failure jsonb,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
);
create unique index job_id on job (id);
create index job_of_list on job (workspace_id, list_id, created_at desc);
create index job_live on job (id) where state not in ('completed', 'failed', 'cancelled');

create table job_budget (
  workspace_id text not null,
  job_id text not null,
  remaining integer not null check (remaining >= 0),
  primary key (workspace_id, job_id),
  foreign key (workspace_id, job_id) references job (workspace_id, id)
) with (fillfactor = 50);

create table job_page (
  workspace_id text not null,
  job_id text not null,
  page_no integer not null,
  stage_no integer not null,
  -- The rows the page covers, as a range of row numbers; its cells are those that carry the job and the page number.
  from_row_no integer not null,
  to_row_no integer not null,
  state text not null check (state in ('open', 'sealed', 'captured', 'restored')),
  cells integer not null,
  claimed integer not null,
  filled integer not null default 0,
  not_found integer not null default 0,
  error integer not null default 0,
  skipped integer not null default 0,
  skipped_by jsonb not null default '{}',
  reserved integer not null default 0,
  amount integer not null default 0,
  capture_id text,
  refunded boolean not null default false,
  opened_at timestamptz not null default clock_timestamp(),
  sealed_at timestamptz,
  captured_at timestamptz,
  restored_at timestamptz,
  primary key (workspace_id, job_id, page_no),
  foreign key (workspace_id, job_id) references job (workspace_id, id),
  check (filled + not_found + error + skipped <= cells)
) with (fillfactor = 70);

create table job_step (
  workspace_id text not null,
  job_id text not null,
  page_no integer not null,
  step_no integer not null,
  service_id text not null,
  cells integer not null,
  opened_at timestamptz,
  attempts integer not null default 0,
  primary key (workspace_id, job_id, page_no, step_no),
  foreign key (workspace_id, job_id, page_no) references job_page (workspace_id, job_id, page_no)
);

create table job_hold (
  workspace_id text not null,
  job_id text not null,
  n integer not null,
  amount integer not null check (amount > 0),
  ttl_seconds integer not null check (ttl_seconds > 0),
  hold_id text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, job_id, n),
  foreign key (workspace_id, job_id) references job (workspace_id, id)
);

create table job_control (
  workspace_id text not null,
  job_id text not null,
  seq integer not null,
  action text not null check (action in ('pause', 'resume', 'cancel', 'approve', 'reject')),
  actor text not null,
  note text,
  created_at timestamptz not null default clock_timestamp(),
  applied_at timestamptz,
  primary key (workspace_id, job_id, seq),
  foreign key (workspace_id, job_id) references job (workspace_id, id)
);

create table page_failure (
  workspace_id text not null,
  id text not null,
  job_id text not null,
  page_no integer not null,
  step_no integer not null,
  service_id text not null,
  code text not null,
  message text not null,
  provider text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, job_id) references job (workspace_id, id)
);

create table cell_version (
  workspace_id text not null,
  id bigint generated always as identity,
  list_id text not null,
  row_id text not null,
  column_id text not null,
  status text not null check (status in ('filled', 'not_found', 'error', 'skipped', 'awaiting_approval')),
  value jsonb,
  reason jsonb,
  provenance jsonb,
  author text not null check (author in ('job', 'user')),
  job_id text,
  page_no integer,
  attempt integer,
  cost integer not null default 0,
  made_from integer,
  created_at timestamptz not null default now(),
  restored_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, row_id) references list_row (workspace_id, id),
  foreign key (workspace_id, column_id) references list_column (workspace_id, id),
  check ((author = 'job') = (job_id is not null and page_no is not null))
);
create index cell_version_of_cell on cell_version (workspace_id, row_id, column_id, id);
create index cell_version_of_page on cell_version (workspace_id, job_id, page_no) where job_id is not null;

-- The current state of each cell that was ever touched. While pending, status alone changes: the former value stays beside it.
create table cell (
  workspace_id text not null,
  row_id text not null,
  column_id text not null,
  list_id text not null,
  status text not null default 'blank' check (status in
    ('blank', 'pending', 'filled', 'not_found', 'error', 'skipped', 'awaiting_approval')),
  value jsonb,
  reason jsonb,
  version_id bigint,
  edited boolean not null default false,
  made_from integer,
  -- The claim: valid while that job is not final. former_* say what the cell was when it was claimed.
  job_id text,
  page_no integer,
  former_status text,
  former_version_id bigint,
  claimed_from integer,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, row_id, column_id),
  foreign key (workspace_id, row_id) references list_row (workspace_id, id),
  foreign key (workspace_id, column_id) references list_column (workspace_id, id),
  check (status <> 'pending' or job_id is not null)
) with (fillfactor = 60);
create index cell_pending on cell (workspace_id, job_id) where status = 'pending';

-- The capture manifest of a sealed page, immutable: what is sent to billing, byte for byte.
create table capture_line (
  workspace_id text not null,
  job_id text not null,
  page_no integer not null,
  cell_version_id bigint not null,
  column_id text not null,
  row_id text not null,
  price integer not null check (price > 0),
  primary key (workspace_id, cell_version_id),
  foreign key (workspace_id, job_id, page_no) references job_page (workspace_id, job_id, page_no),
  foreign key (workspace_id, cell_version_id) references cell_version (workspace_id, id)
);
create index capture_line_of_page on capture_line (workspace_id, job_id, page_no);

create table list_event (
  workspace_id text not null,
  list_id text not null,
  seq bigint not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, list_id, seq),
  foreign key (workspace_id, list_id) references list (workspace_id, id)
);
create index list_event_age on list_event (created_at);

create table outbox (
  id bigint generated always as identity primary key,
  workspace_id text not null references workspace (id),
  topic text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  available_at timestamptz not null default now(),
  relayed_at timestamptz,
  created_at timestamptz not null default now()
);
create index outbox_due on outbox (available_at, id) where relayed_at is null;

create table idempotency (
  workspace_id text not null references workspace (id),
  key text not null,
  request_hash text not null,
  status integer not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);

-- Tenants: one policy for every table with a workspace.
do $$
declare t text;
begin
  foreach t in array array['api_key', 'list', 'list_counter', 'list_sequence', 'list_row', 'import_staging', 'list_column',
    'job', 'job_budget', 'job_page', 'job_step', 'job_hold', 'job_control', 'page_failure', 'cell_version', 'cell',
    'capture_line', 'list_event', 'outbox', 'idempotency']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy tenant on %I using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', t);
    execute format('grant select, insert, update, delete on %I to uno_app', t);
  end loop;
end $$;
alter table workspace enable row level security;
create policy tenant on workspace using (id = current_workspace()) with check (id = current_workspace());
grant select, insert, update on workspace to uno_app;
grant select, insert, update on service, service_key, rate_bucket to uno_app;
revoke delete on job, job_page, job_control, job_hold, list, list_row, list_column, cell, page_failure, outbox from uno_app;
revoke update, delete on capture_line, list_event from uno_app;
grant delete on list_event to uno_app;
revoke delete on cell_version from uno_app;

-- Versions only grow: the only change ever allowed is to mark one as restored.
create function refuse_version_change() returns trigger language plpgsql as $$
begin
  if old.restored_at is null and to_jsonb(new) - 'restored_at' = to_jsonb(old) - 'restored_at' then return new; end if;
  raise exception 'cell versions are append-only';
end $$;
create trigger cell_version_append_only before update on cell_version for each row execute function refuse_version_change();

-- Adds the numbers of two flat JSON objects of counters.
create function add_counts(a jsonb, b jsonb) returns jsonb language sql immutable as
$$
  select coalesce(jsonb_object_agg(key, total), '{}') from (
    select key, sum(value::integer) as total from (
      select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) counts group by key) sums
$$;

-- The few look-ups that cross tenants. Each answers with ids alone.
create function resolve_api_key(key_hash text) returns table (workspace_id text, key_id text)
language sql stable security definer set search_path = public as
$$ select k.workspace_id, k.id from api_key k where k.hash = key_hash and k.revoked_at is null $$;

create function job_workspace(wanted text) returns text
language sql stable security definer set search_path = public as
$$ select workspace_id from job where id = wanted $$;

create function steered_jobs() returns table (job_id text, control text)
language sql stable security definer set search_path = public as
$$ select id, control from job where state not in ('completed', 'failed', 'cancelled') and control <> 'run' $$;

create function list_heads(wanted text[]) returns table (list_id text, seq bigint)
language sql stable security definer set search_path = public as
$$ select s.list_id, s.seq from list_sequence s where s.list_id = any (wanted) $$;

-- Leases due rows: whoever got them has lease_seconds to relay them before somebody else may.
create function claim_outbox(how_many integer, lease_seconds integer)
returns table (id bigint, workspace_id text, topic text, payload jsonb, attempts integer)
language sql volatile security definer set search_path = public as
$$
  update outbox o set attempts = o.attempts + 1, available_at = now() + make_interval(secs => lease_seconds)
  where o.id in (select d.id from outbox d where d.relayed_at is null and d.available_at <= now()
                 order by d.id limit how_many for update skip locked)
  returning o.id, o.workspace_id, o.topic, o.payload, o.attempts
$$;

create function forget_old_list_events() returns bigint
language sql volatile security definer set search_path = public as
$$ with gone as (delete from list_event where created_at < now() - interval '24 hours' returning 1) select count(*) from gone $$;

revoke execute on function resolve_api_key, job_workspace, steered_jobs, list_heads, claim_outbox, forget_old_list_events from public;
grant execute on function resolve_api_key, job_workspace, steered_jobs, list_heads, claim_outbox, forget_old_list_events to uno_app;
