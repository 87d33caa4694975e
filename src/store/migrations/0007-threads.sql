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
