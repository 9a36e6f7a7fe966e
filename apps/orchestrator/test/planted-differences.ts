/** A difference as a person with the database in hand could make it: what it is, how, and which law finds it how. */
export type Planted = readonly [what: string, text: string, expected: readonly string[]];

export const IN_ACCOUNT: readonly Planted[] = [
  [
    'an account that has more than it was granted',
    'update account set available = available + 1 where id = $ws',
    ['L1 balance_unequal', 'L3 balance_not_fold'],
  ],
  [
    'a negative balance',
    'update account set available = -5, spent = spent + available + 5 where id = $ws',
    ['L2 balance_negative', 'L3 balance_not_fold'],
  ],
  [
    'a ledger that went below zero on its way',
    `update posting set amount = amount * 100 where account_id = $ws and entry_id = $entry`,
    ['L2 balance_negative', 'L3 entry_unbalanced'],
  ],
  [
    'a posting that was changed',
    `update posting set amount = amount - 1 where entry_id = $entry and bucket = 'spent'`,
    ['L3 balance_not_fold', 'L3 entry_unbalanced'],
  ],
  [
    'a posting that is gone',
    `delete from posting where entry_id = $entry and bucket = 'spent'`,
    ['L3 entry_unbalanced'],
  ],
  [
    'an entry of a hold that is gone',
    `delete from posting where entry_id = $entry; delete from entry where id = $entry`,
    ['L3 balance_not_fold', 'L4 hold_posted'],
  ],
  [
    'a hold that is open again',
    `update hold set state = 'open', released = 0, ended_at = null where reference = $job`,
    ['L4 held_without_hold', 'L4 hold_open'],
  ],
  [
    'a hold for nobody',
    `insert into hold (id, account_id, reference, amount, expires_at, created_at) select 'h_' || $ws, $ws, 'job_nobody', 1, now() + interval '1 hour', now() - interval '1 hour'`,
    ['L4 hold_of_unknown_job', 'L4 held_without_hold'],
  ],
  [
    'a capture that was moved to a reference that is no job',
    `update hold set reference = 'job_nobody' where reference = $job; update entry set reference = 'job_nobody' where reference = $job`,
    ['L6 captured_for_unknown_job'],
  ],
  [
    'a capture in the ledger whose hold is gone',
    `update entry set hold_id = 'h_nobody' where id = $entry`,
    ['L4 hold_reference', 'L6 captured_for_unknown_job'],
  ],
  [
    'an entry that names another reference than its hold',
    `update entry set reference = 'job_nobody' where id = $entry`,
    ['L4 hold_reference'],
  ],
  [
    'a grant that no key made',
    `with e as (insert into entry (account_id, kind, amount) values ($ws, 'grant', 5) returning id) insert into posting (entry_id, account_id, bucket, amount) select e.id, $ws, b, a from e, (values ('granted', -5), ('available', 5)) as p (b, a)`,
    ['L5 effect_without_key'],
  ],
];

export const IN_BILLING: readonly Planted[] = [
  [
    'a hold that did not end whole',
    `update hold set released = released - 1 where reference = $job`,
    ['L4 hold_not_whole', 'L4 hold_posted'],
  ],
  [
    'a hold that captured other than its captures',
    `update hold set captured = captured + 1, released = released - 1 where reference = $job`,
    ['L4 hold_captured_amount'],
  ],
  [
    'another amount of a hold',
    `update hold set amount = 11 where reference = $job`,
    ['L4 hold_amount', 'L4 hold_not_whole'],
  ],
  [
    'a hold that is gone',
    `update hold set reference = 'elsewhere' where reference = $job`,
    ['L4 hold_missing', 'L6 filled_not_captured'],
  ],
  [
    'a hold that ended twice',
    `insert into entry (account_id, kind, amount, hold_id) select $ws, 'expire', 1, id from hold where reference = $job`,
    ['L4 hold_ended_twice'],
  ],
  ['a reference that was opened again', `delete from closed_reference where reference = $job`, ['L4 reference_open']],
  [
    'a second hold under one key',
    `insert into hold (id, account_id, reference, amount, expires_at, state, released, ended_at) select 'h_' || $job, $ws, $job, 4, now(), 'released', 4, now()`,
    ['L4 hold_unknown', 'L5 effect_without_key'],
  ],
  [
    'a key that made two captures',
    `insert into capture (id, account_id, hold_id, amount, line_count, already_captured) select 'c_' || $job, $ws, id, 0, 0, 0 from hold where reference = $job; insert into idempotent_request select account_id, key, fingerprint, status, json_build_object('id', 'c_' || $job) from idempotent_request where key like 'capture:' || $job || '%'`,
    ['L5 key_with_two_effects'],
  ],
  [
    'a refund under the key of somebody else',
    `insert into refund (id, account_id, capture_id, amount) select 'r_' || id, account_id, id, amount from capture where id in $captures; insert into idempotent_request select $ws, 'mine:' || $job, '', 201, json_build_object('id', 'r_' || id) from capture where id in $captures`,
    ['L5 effect_of_foreign_key', 'L6 filled_not_captured', 'L8 refund_posted'],
  ],
  [
    'a capture line that is gone',
    `delete from capture_line where job_id = $job and cell_version_id = (select min(cell_version_id) from capture_line where job_id = $job)`,
    ['L6 capture_amount', 'L6 filled_not_captured'],
  ],
  [
    'a cell that was captured twice while another was not',
    `update capture_line set cell_version_id = (select max(cell_version_id) from capture_line where job_id = $job) where job_id = $job and cell_version_id = (select min(cell_version_id) from capture_line where job_id = $job)`,
    ['L6 captured_twice', 'L6 filled_not_captured'],
  ],
  [
    'a capture of a cell that nobody knows',
    `update capture_line set cell_version_id = '999999' where job_id = $job and cell_version_id = (select min(cell_version_id) from capture_line where job_id = $job)`,
    ['L6 captured_not_filled', 'L6 filled_not_captured', 'L7 captured_unsealed'],
  ],
  [
    'a capture at another price',
    `update capture_line set amount = 3 where job_id = $job`,
    ['L6 capture_amount', 'L6 captured_price', 'L7 captured_not_manifest'],
  ],
  [
    'another amount of a capture',
    `update capture set amount = 5 where id in $captures`,
    ['L4 capture_posted', 'L6 capture_amount'],
  ],
  [
    'a capture after the close',
    `update closed_reference set closed_at = closed_at - interval '1 hour' where reference = $job`,
    ['L7 captured_after_close'],
  ],
  [
    'a refund that exceeds its capture',
    `insert into refund (id, account_id, capture_id, amount) select 'r_' || id, account_id, id, amount + 1 from capture where id in $captures`,
    ['L8 refund_exceeds', 'L8 refund_posted'],
  ],
  [
    'two refunds of one capture',
    `drop index if exists refund_capture_id_key; insert into refund (id, account_id, capture_id, amount) select 'r_' || n || id, account_id, id, amount from capture, generate_series(1, 2) n where id in $captures`,
    ['L8 refund_exceeds'],
  ],
];

export const IN_OURS: readonly Planted[] = [
  ['another value in a paid cell', `update cell set value = '"other"' where row_id = $row`, ['L6 cell_altered']],
  ['a paid cell that shows nothing', `update cell set status = 'blank' where row_id = $row`, ['L6 cell_altered']],
  ['a paid cell that is gone', 'delete from cell where row_id = $row', ['L6 cell_altered']],
  [
    'a paid cell that shows no version',
    `update cell set version_id = null, status = 'blank', value = null where row_id = $row`,
    ['L6 cell_altered'],
  ],
  [
    'a filled version that says it is not',
    `update cell_version set status = 'not_found' where row_id = $row and job_id = $job`,
    ['L6 captured_not_filled'],
  ],
  [
    'a filled version that is marked as restored',
    `update cell_version set restored_at = now() where row_id = $row and job_id = $job`,
    ['L6 captured_not_filled'],
  ],
  [
    'a version that belongs to no page of the job',
    `update cell_version set author = 'user', job_id = null, page_no = null where row_id = $row and job_id = $job`,
    ['L6 captured_not_filled'],
  ],
  [
    'a filled version that was never captured',
    `insert into cell_version (workspace_id, list_id, row_id, column_id, status, author, job_id, page_no, cost) select workspace_id, list_id, row_id, column_id, status, author, job_id, page_no, cost from cell_version where row_id = $row and job_id = $job`,
    ['L6 filled_not_captured'],
  ],
  [
    'a page that was captured and never sealed',
    `update job_page set sealed_at = null where job_id = $job`,
    ['L7 captured_unsealed'],
  ],
  [
    'a manifest at another price',
    `update capture_line set price = 7 where row_id = $row and job_id = $job`,
    ['L7 captured_not_manifest'],
  ],
  [
    'a rolled back job whose captures stayed',
    `update job set state = 'failed', undo_mode = 'rollback' where id = $job`,
    ['L7 kept_after_rollback'],
  ],
  [
    'a paid version that was moved to another row',
    `update cell_version set row_id = $other where row_id = $row and job_id = $job`,
    ['L6 paid_cell_moved'],
  ],
  [
    'a manifest that names another column than was filled',
    `update capture_line set column_id = 'col_other' where row_id = $row and job_id = $job`,
    ['L6 paid_cell_moved'],
  ],
  ['another amount of our hold', `update job_hold set amount = 7 where job_id = $job`, ['L4 hold_amount']],
  [
    'a cell that is pending though its job has ended',
    `update cell set status = 'pending' where row_id = $row and job_id = $job`,
    ['L9 pending_of_ended_job'],
  ],
  [
    'a cell that is pending though its undo is parked',
    `update cell set status = 'pending' where row_id = $row and job_id = $job; update job set state = 'compensation_failed' where id = $job`,
    ['L9 pending_of_ended_job'],
  ],
  [
    'a paid job that says that its undo is parked',
    `update job set state = 'compensation_failed' where id = $job`,
    ['L7 kept_after_rollback'],
  ],
  [
    'a paid job that says that it failed',
    `update job set state = 'failed' where id = $job`,
    ['L7 kept_after_rollback'],
  ],
  [
    'captures that stayed though their undo is parked',
    `update job set state = 'compensation_failed', undo_mode = 'rollback' where id = $job`,
    ['L7 kept_after_rollback'],
  ],
  [
    'another value in a paid cell, and another amount of a hold, of a job whose undo is parked',
    `update job set state = 'compensation_failed' where id = $job; update cell set value = '"other"' where row_id = $row; update job_hold set amount = 7 where job_id = $job`,
    ['L4 hold_amount', 'L6 cell_altered'],
  ],
];
