import type { Database } from '../stack/database.js';

/**
 * A trail of every change of cells, versions, pages and jobs, written by triggers in the transaction that changes them: what
 * the checker reads is what happened, not what somebody saw in between. It is made in the database of the stack under test,
 * in a schema of its own. It holds ids, states and digests of values, never values; of rows also what they look up.
 */
const AUDIT_TRAIL = `
create schema if not exists chaos;
create table if not exists chaos.trail (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  workspace_id text not null,
  kind text not null,
  operation text not null,
  before jsonb,
  after jsonb
);
create index if not exists trail_of_workspace on chaos.trail (workspace_id, seq);

create or replace function chaos.digest(entry jsonb) returns jsonb language sql immutable as
$$
  select case when entry ? 'value'
    then jsonb_set(entry - array['reason', 'provenance', 'value'], '{value}', to_jsonb(coalesce(md5(entry ->> 'value'), '')))
    else entry - array['plan', 'failure'] end
$$;

create or replace function chaos.record() returns trigger language plpgsql security definer set search_path = chaos, public as
$$
declare
  before jsonb := case when tg_op <> 'INSERT' then chaos.digest(to_jsonb(old)) end;
  after jsonb := case when tg_op <> 'DELETE' then chaos.digest(to_jsonb(new)) end;
begin
  insert into chaos.trail (workspace_id, kind, operation, before, after)
  values (coalesce(after, before) ->> 'workspace_id', tg_table_name, lower(tg_op), before, after);
  return null;
end
$$;

create or replace trigger chaos_trail after insert or update or delete on cell
  for each row execute function chaos.record();
create or replace trigger chaos_trail after update or delete on cell_version
  for each row execute function chaos.record();
create or replace trigger chaos_trail after insert on job_page
  for each row execute function chaos.record();
create or replace trigger chaos_trail after insert or update of state on job
  for each row execute function chaos.record();
create or replace trigger chaos_trail after insert or update of entity on list_row
  for each row execute function chaos.record();
`;

/** Makes the trail where it is absent. @param owner a connection of the role that owns the orchestrator's tables. */
export async function installAuditTrail(owner: Database): Promise<void> {
  await owner.rows(AUDIT_TRAIL);
}
