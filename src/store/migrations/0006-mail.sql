-- Mail in, and mail out. No address stands here in clear: what goes out is sealed under a key of its own.

-- A mail that was taken already, by a keyed hash of its bytes: who sends it again, because our answer was lost,
-- gets the same answer and no second case.
create table intake.mail (
  mark bytea not null,
  taken timestamptz not null,
  constraint mail_pkey primary key (mark)
);

-- What waits to be sent. `sealed`: the whole mail with its envelope, under post.key, which no backup holds.
create table post.mail (
  -- Given out by post.delivery, which a backup holds: after a restore no number is given out again.
  id bigint not null,
  kind text not null,
  -- The case that it belongs to.
  about bytea not null,
  sealed bytea not null,
  written timestamptz not null,
  -- When it is tried next; null: given up, and shown as that.
  due timestamptz,
  tries integer not null default 0,
  -- What the other side answered last: its digits (451, 5.1.1), or a word of ours (unreachable, late).
  answer text not null default '',
  constraint mail_pkey primary key (id)
);
create index mail_due on post.mail (due) where due is not null;

-- What became of it, for the case: the mail itself is erased with its address.
create table post.delivery (
  mail bigint not null generated always as identity,
  kind text not null,
  about bytea not null,
  state text not null,
  at timestamptz not null,
  answer text not null default '',
  constraint delivery_pkey primary key (mail),
  constraint delivery_state check (state in ('waiting', 'sent', 'dead', 'expired'))
);
create index delivery_about on post.delivery (about);
create index delivery_waiting on post.delivery (mail) where state = 'waiting';

-- Whom the desk answered by itself, by a keyed hash: one of these a day (RFC 3834).
create table post.answered (
  mark bytea not null,
  -- Days since 1970, UTC.
  day integer not null,
  constraint answered_pkey primary key (mark, day)
);
