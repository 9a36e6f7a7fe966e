-- What a service remembers about a row. It is given back as long as the row is identified by the same values.
create table row_memory (
  workspace_id text not null,
  row_id text not null,
  service_id text not null,
  memory jsonb not null,
  identity_digest text not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, row_id, service_id),
  foreign key (workspace_id, row_id) references list_row (workspace_id, id)
);
alter table row_memory enable row level security;
create policy tenant on row_memory using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert, update on row_memory to uno_app;

-- Digest of the values that identify a row; `identity` says which attributes these are.
create function identity_digest(entity jsonb, identity jsonb) returns text language sql immutable as
$$
  select encode(sha256(convert_to(coalesce(jsonb_object_agg(key, entity -> value), '{}')::text, 'UTF8')), 'hex')
  from jsonb_each_text(identity)
$$;

-- Of which versions of other cells of its row a value was made, by column. Kept with the claim when a worker reads the row.
alter table cell add column claimed_inputs jsonb, add column made_from_inputs jsonb;
alter table cell_version add column made_from_inputs jsonb;

-- Whether one of these cells holds another value than it held when something was made from it.
create function inputs_changed(of_cell cell) returns boolean language sql stable as
$$
  select exists (
    select from jsonb_each_text(of_cell.made_from_inputs) made (column_id, version_id)
    left join cell input on input.workspace_id = of_cell.workspace_id and input.row_id = of_cell.row_id
      and input.column_id = made.column_id
    left join cell_version was on was.workspace_id = of_cell.workspace_id and was.id = made.version_id::bigint
    where input.version_id is distinct from made.version_id::bigint and input.value is distinct from was.value)
$$;

-- Since when a step of an open page waits for its team; null where it waits for other steps, and of a step that a worker opened
-- also where all is settled. A step begins when nothing of the steps it depends on is pending on the page any more; of rows
-- that were deleted nobody settles the cells.
drop function step_waits_since(job_page, integer);
create function step_waits_since(of_page job_page, of_step job_step) returns timestamptz
language sql stable set search_path = public as
$$
  with planned as (
    select (step ->> 'stepNo')::integer as step_no, step -> 'dependsOn' as depends_on, step -> 'columnIds' as column_ids
    from job j, jsonb_array_elements(j.plan -> 'stages') stage, jsonb_array_elements(stage -> 'steps') step
    where j.workspace_id = of_page.workspace_id and j.id = of_page.job_id
      and (stage ->> 'stageNo')::integer = of_page.stage_no),
  mine as (select depends_on, column_ids from planned where step_no = of_step.step_no),
  earlier as (
    select jsonb_array_elements_text(e.column_ids) as column_id
    from planned e join mine on mine.depends_on @> to_jsonb(e.step_no)),
  pending as (
    select distinct c.column_id from cell c
    join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id and r.deleted_at is null
    where c.workspace_id = of_page.workspace_id and c.job_id = of_page.job_id and c.page_no = of_page.page_no
      and c.status = 'pending')
  select case
    when exists (select from pending join earlier using (column_id)) then null
    when of_step.opened_at is not null then (
      select of_step.opened_at from mine where exists (select from pending where mine.column_ids ? column_id))
    when not exists (select from earlier) then of_page.opened_at
    else greatest(of_page.opened_at, (
      select max(v.created_at) from cell_version v where v.workspace_id = of_page.workspace_id and v.job_id = of_page.job_id
        and v.page_no = of_page.page_no and v.column_id in (select column_id from earlier)))
  end
$$;

-- Of each running job one step that waits for its team for longer than the team may be absent. A team that was heard of lately
-- is not absent: it has a long queue, or it works.
create or replace function absent_steps(offline_after_seconds integer, how_many integer)
returns table (job_id text, page_no integer, step_no integer, service_id text)
language sql volatile security definer set search_path = public as
$$
  select distinct on (j.id) s.job_id, s.page_no, s.step_no, s.service_id
  from job j
  join job_page p on p.workspace_id = j.workspace_id and p.job_id = j.id and p.state = 'open'
  join job_step s on s.workspace_id = p.workspace_id and s.job_id = p.job_id and s.page_no = p.page_no
  join service v on v.id = s.service_id
  where j.state not in ('completed', 'failed', 'cancelled') and j.state = 'running' and s.cells > 0
    and v.last_seen_at < clock_timestamp() - make_interval(secs =>
      case when s.opened_at is null then offline_after_seconds else v.absent_after_seconds end)
    and p.opened_at < clock_timestamp() - make_interval(secs => v.absent_after_seconds)
    and step_waits_since(p, s) < clock_timestamp() - make_interval(secs => v.absent_after_seconds)
  order by j.id, s.page_no, s.step_no limit how_many
$$;
