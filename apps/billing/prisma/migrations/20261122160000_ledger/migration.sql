-- The ledger of credits. What must never happen to money is refused here, whatever the service does:
-- balances follow from postings, postings sum to zero, nothing written is changed, nothing goes below zero.

-- The service's role. The cluster may be shared and another migration may create it at the same moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'uno_billing') then
    create role uno_billing nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
end
$$;

create table account (
  id text not null,
  granted bigint not null default 0,
  available bigint not null default 0,
  held bigint not null default 0,
  spent bigint not null default 0,
  opened_at timestamptz(3) not null default clock_timestamp(),
  constraint account_pkey primary key (id),
  constraint account_never_negative check (granted >= 0 and available >= 0 and held >= 0 and spent >= 0),
  constraint account_books_balance check (granted = available + held + spent),
  -- Beyond this a JavaScript number is no longer exact.
  constraint account_exact_in_json check (granted <= 9007199254740991)
);

create table hold (
  id text not null,
  account_id text not null,
  reference text not null,
  amount bigint not null,
  captured bigint not null default 0,
  released bigint not null default 0,
  expired bigint not null default 0,
  state text not null default 'open',
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  constraint hold_pkey primary key (id),
  constraint hold_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict,
  constraint hold_never_negative check (amount >= 0 and captured >= 0 and released >= 0 and expired >= 0),
  constraint hold_ends_once check (
    case state
      when 'open' then captured <= amount and released = 0 and expired = 0 and ended_at is null
      when 'released' then captured + released = amount and expired = 0 and ended_at is not null
      when 'expired' then captured + expired = amount and released = 0 and ended_at is not null
      else false
    end
  )
);
create unique index hold_id_account_id_key on hold (id, account_id);
create index hold_account_id_reference_idx on hold (account_id, reference);
create index hold_open_idx on hold (account_id, expires_at) where state = 'open';

create table closed_reference (
  account_id text not null,
  reference text not null,
  closed_at timestamptz(3) not null default clock_timestamp(),
  constraint closed_reference_pkey primary key (account_id, reference),
  constraint closed_reference_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict
);

create table capture (
  id text not null,
  account_id text not null,
  hold_id text not null,
  amount bigint not null,
  line_count integer not null,
  already_captured integer not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint capture_pkey primary key (id),
  constraint capture_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict,
  constraint capture_hold_id_account_id_fkey foreign key (hold_id, account_id) references hold (id, account_id) on delete restrict on update restrict,
  constraint capture_never_negative check (amount >= 0 and line_count >= 0 and already_captured >= 0)
);
create unique index capture_id_account_id_amount_key on capture (id, account_id, amount);
create unique index capture_id_account_id_key on capture (id, account_id);
create index capture_hold_id_idx on capture (hold_id);

create table capture_line (
  account_id text not null,
  cell_version_id text not null,
  capture_id text not null,
  amount bigint not null,
  job_id text,
  page_no integer,
  column_id text,
  attributes json,
  -- A cell version is paid for once, for ever.
  constraint capture_line_pkey primary key (account_id, cell_version_id),
  constraint capture_line_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict,
  constraint capture_line_capture_id_account_id_fkey foreign key (capture_id, account_id) references capture (id, account_id) on delete restrict on update restrict,
  constraint capture_line_never_negative check (amount >= 0)
);
create index capture_line_capture_id_idx on capture_line (capture_id);

create table refund (
  id text not null,
  account_id text not null,
  capture_id text not null,
  amount bigint not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint refund_pkey primary key (id),
  constraint refund_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict,
  -- The amount is part of the key: a refund is exactly its capture, never more.
  constraint refund_capture_id_account_id_amount_fkey foreign key (capture_id, account_id, amount) references capture (id, account_id, amount) on delete restrict on update restrict
);
create unique index refund_capture_id_key on refund (capture_id);

create table entry (
  id bigserial not null,
  account_id text not null,
  kind text not null,
  amount bigint not null,
  at timestamptz(3) not null default clock_timestamp(),
  reference text,
  hold_id text,
  capture_id text,
  job_id text,
  page_no integer,
  column_id text,
  note text,
  constraint entry_pkey primary key (id),
  constraint entry_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict,
  constraint entry_kind check (kind in ('grant', 'hold', 'capture', 'release', 'refund', 'expire')),
  constraint entry_amount check (amount > 0)
);
create unique index entry_id_account_id_key on entry (id, account_id);
create index entry_account_id_id_idx on entry (account_id, id);

create table posting (
  entry_id bigint not null,
  bucket text not null,
  account_id text not null,
  amount bigint not null,
  constraint posting_pkey primary key (entry_id, bucket),
  constraint posting_entry_id_account_id_fkey foreign key (entry_id, account_id) references entry (id, account_id) on delete restrict on update restrict,
  constraint posting_bucket check (bucket in ('granted', 'available', 'held', 'spent')),
  constraint posting_amount check (amount <> 0)
);
create index posting_account_id_idx on posting (account_id);

create table idempotent_request (
  account_id text not null,
  key text not null,
  fingerprint text not null,
  status integer not null,
  -- json, not jsonb: the answer is given again as it was written.
  answer json not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint idempotent_request_pkey primary key (account_id, key),
  constraint idempotent_request_account_id_fkey foreign key (account_id) references account (id) on delete restrict on update restrict
);

-- Written once, never changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: it is append-only', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger append_only before update or delete or truncate on entry for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on posting for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on capture for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on capture_line for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on refund for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on closed_reference for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on idempotent_request for each statement execute function refuse_change();
create trigger never_deleted before delete or truncate on account for each statement execute function refuse_change();
create trigger never_deleted before delete or truncate on hold for each statement execute function refuse_change();

-- The only way a balance changes. It runs with the owner's rights, because the service has none on the balances.
-- The granted bucket is where credits come from, so its balance is counted with the other sign.
create function apply_postings() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from posting p
    join entry e on e.id = p.entry_id
    where p.entry_id in (select entry_id from added)
    group by e.id
    having sum(p.amount) <> 0 or sum(p.amount) filter (where p.amount > 0) <> e.amount
  ) then
    raise exception 'the postings of an entry must sum to zero and move its amount' using errcode = 'check_violation';
  end if;
  update account a
  set granted = a.granted + d.granted, available = a.available + d.available, held = a.held + d.held, spent = a.spent + d.spent
  from (
    select account_id,
      coalesce(-sum(amount) filter (where bucket = 'granted'), 0) as granted,
      coalesce(sum(amount) filter (where bucket = 'available'), 0) as available,
      coalesce(sum(amount) filter (where bucket = 'held'), 0) as held,
      coalesce(sum(amount) filter (where bucket = 'spent'), 0) as spent
    from added
    group by account_id
  ) d
  where a.id = d.account_id;
  return null;
end
$$;
create trigger apply_postings after insert on posting referencing new table as added for each statement execute function apply_postings();

create function guard_account() returns trigger language plpgsql as $$
begin
  if new.id <> old.id or new.opened_at <> old.opened_at then
    raise exception 'an account keeps its id' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger guard_account before update on account for each row execute function guard_account();

-- A hold ends exactly once, and what it was made for does not change.
create function guard_hold() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'the hold has ended' using errcode = 'restrict_violation';
  end if;
  if (new.id, new.account_id, new.reference, new.amount, new.created_at)
    is distinct from (old.id, old.account_id, old.reference, old.amount, old.created_at) or new.captured < old.captured then
    raise exception 'a hold keeps its amount and reference, and what it captured' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger guard_hold before update on hold for each row execute function guard_hold();

-- No hold and no capture under a closed reference.
create function refuse_closed_reference() returns trigger language plpgsql as $$
declare
  wanted text;
begin
  if tg_table_name = 'hold' then
    wanted := new.reference;
  else
    select h.reference into wanted from hold h where h.id = new.hold_id and h.account_id = new.account_id;
  end if;
  if exists (select from closed_reference c where c.account_id = new.account_id and c.reference = wanted) then
    raise exception 'the reference is closed' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger refuse_closed_reference before insert on hold for each row execute function refuse_closed_reference();
create trigger refuse_closed_reference before insert on capture for each row execute function refuse_closed_reference();

grant usage on schema public to uno_billing;
grant select on account, hold, closed_reference, capture, capture_line, refund, entry, posting, idempotent_request to uno_billing;
grant insert on closed_reference, capture, capture_line, refund, entry, posting, idempotent_request to uno_billing;
grant insert (id) on account to uno_billing;
grant insert (id, account_id, reference, amount, expires_at) on hold to uno_billing;
grant update (captured, released, expired, state, expires_at, ended_at) on hold to uno_billing;
grant usage on sequence entry_id_seq to uno_billing;
-- `select … for update` asks for the right to update some column. This one cannot change: guard_account refuses it.
grant update (id) on account to uno_billing;
