-- Holds are renewed by data: the row says which renewal was asked for before it is asked for, so that key and body of a
-- repeat are those of the first try.
alter table job_hold
  add column renewals integer not null default 0,
  add column renewal_asked_at timestamptz,
  add column renewal_open boolean not null default false,
  add constraint job_hold_renewal_asked check (renewals = 0 or renewal_asked_at is not null);

-- A hold is renewed at half of its time to live, counted from when it was last asked for, not from when that was answered.
create function renewal_is_due(h job_hold) returns boolean language sql volatile as
$$
  select h.hold_id is not null and (h.renewal_open
    or coalesce(h.renewal_asked_at, h.created_at) + make_interval(secs => h.ttl_seconds / 2.0) <= clock_timestamp())
$$;

-- The holds of live jobs that are due, the one that waits longest first. A generation that another followed has ended.
-- (`state not in` names the condition of the index job_live, here and below.)
create function holds_to_renew(how_many integer) returns table (workspace_id text, job_id text, n integer)
language sql volatile security definer set search_path = public as
$$
  select h.workspace_id, h.job_id, h.n
  from job j join job_hold h on h.workspace_id = j.workspace_id and h.job_id = j.id
  where j.state not in ('completed', 'failed', 'cancelled') and j.state in ('running', 'awaiting_approval', 'paused', 'completing')
    and renewal_is_due(h)
    and not exists (select from job_hold later
                    where later.workspace_id = h.workspace_id and later.job_id = h.job_id and later.n > h.n)
  order by coalesce(h.renewal_asked_at, h.created_at) limit how_many
$$;

-- Since when a step of an open page waits for its team; null where it waits for other steps. A step of a later level begins
-- when nothing of the earlier ones is pending on the page any more; of rows that were deleted nobody settles the cells.
create function step_waits_since(of_page job_page, wanted_step integer) returns timestamptz
language sql stable set search_path = public as
$$
  with planned as (
    select (step ->> 'stepNo')::integer as step_no, (step ->> 'level')::integer as level, step -> 'columnIds' as column_ids
    from job j, jsonb_array_elements(j.plan -> 'stages') stage, jsonb_array_elements(stage -> 'steps') step
    where j.workspace_id = of_page.workspace_id and j.id = of_page.job_id
      and (stage ->> 'stageNo')::integer = of_page.stage_no),
  earlier as (
    select jsonb_array_elements_text(e.column_ids) as column_id
    from planned e join planned mine on mine.step_no = wanted_step and e.level < mine.level)
  select case
    when not exists (select from earlier) then of_page.opened_at
    when exists (
      select from cell c join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id and r.deleted_at is null
      where c.workspace_id = of_page.workspace_id and c.job_id = of_page.job_id and c.page_no = of_page.page_no
        and c.status = 'pending' and c.column_id in (select column_id from earlier)) then null
    else greatest(of_page.opened_at, (
      select max(v.created_at) from cell_version v where v.workspace_id = of_page.workspace_id and v.job_id = of_page.job_id
        and v.page_no = of_page.page_no and v.column_id in (select column_id from earlier)))
  end
$$;

-- Of each running job one step that its team did not open for longer than the team may be absent. A team that was heard of
-- lately is not absent: it has a long queue.
create function absent_steps(offline_after_seconds integer, how_many integer)
returns table (job_id text, page_no integer, step_no integer, service_id text)
language sql volatile security definer set search_path = public as
$$
  select distinct on (j.id) s.job_id, s.page_no, s.step_no, s.service_id
  from job j
  join job_page p on p.workspace_id = j.workspace_id and p.job_id = j.id and p.state = 'open'
  join job_step s on s.workspace_id = p.workspace_id and s.job_id = p.job_id and s.page_no = p.page_no
  join service v on v.id = s.service_id
  where j.state not in ('completed', 'failed', 'cancelled') and j.state = 'running' and s.opened_at is null and s.cells > 0
    and v.last_seen_at < clock_timestamp() - make_interval(secs => offline_after_seconds)
    and p.opened_at < clock_timestamp() - make_interval(secs => v.absent_after_seconds)
    and step_waits_since(p, s.step_no) < clock_timestamp() - make_interval(secs => v.absent_after_seconds)
  order by j.id, s.page_no, s.step_no limit how_many
$$;

revoke execute on function holds_to_renew, absent_steps from public;
grant execute on function holds_to_renew, absent_steps to uno_app;
