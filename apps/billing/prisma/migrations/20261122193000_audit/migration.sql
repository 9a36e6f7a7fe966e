-- What an audit looks up: the ledger lines of a hold, the answers that name an effect, the holds that are open.
create index entry_hold_id_idx on entry (hold_id, capture_id) where hold_id is not null;
create index idempotent_request_effect_idx on idempotent_request (account_id, (answer ->> 'id'));
create index hold_open_id_idx on hold (id) where state = 'open';
