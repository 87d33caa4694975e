-- What an answer by mail is known by. Only keyed hashes: nobody who reads them learns an address that reaches a case.

create table intake.thread (
  -- Of a token in an address of ours, or of a Message-ID of ours.
  mark bytea not null,
  -- What the mail that we sent was about: a case.
  about bytea not null,
  -- The mail that came back, where the address says which; null: it says the case only.
  mail bigint,
  constraint thread_pkey primary key (mark)
);

-- `bounced`: the relay took it, and somebody behind the relay gave it back.
alter table post.delivery drop constraint delivery_state;
alter table post.delivery add constraint delivery_state
  check (state in ('waiting', 'sent', 'dead', 'expired', 'bounced'));

-- Why a case waits in the lane of held mail; '' for all others. A hint of the server, as the whole row.
alter table desk."case" add column held text not null default '';

-- The lanes of open cases hold none of them, so that a flood of spam costs no page of the others.
drop index desk.case_open, desk.case_open_sort, desk.case_new, desk.case_taken, desk.case_waiting;
create index case_open on desk."case"
  ((case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting') and held = '';
create index case_open_sort on desk."case"
  (sort, (case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting') and held = '';
create index case_new on desk."case" (received, id)
  where state in ('open', 'waiting') and acknowledged is null and source <> 'assessment' and held = '';
create index case_taken on desk."case"
  (taken, (case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting') and taken is not null and held = '';
create index case_waiting on desk."case"
  ((case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state = 'waiting' and held = '';
create index case_held on desk."case" (received, id)
  where state in ('open', 'waiting') and held <> '';
