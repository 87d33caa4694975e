-- Notices to members: that something changed at the desk, never what.

alter table identity.address
  add column notices text not null default 'once',
  -- When this member last asked the desk what is in its queue. It outlives a session: who looked and left knows.
  add column looked timestamptz not null default now(),
  add constraint address_notices check (notices in ('once', 'daily', 'mute'));

-- Whose statement it was: nobody is told of what they did themselves.
alter table post.outbox add column author bytea;
create index outbox_written on post.outbox (written);

-- What members were told of. Nobody's address stands here.
create table post.told (
  who bytea not null,
  at timestamptz not null,
  -- What was accepted up to here they were told of.
  upto timestamptz not null,
  constraint told_pkey primary key (who)
);

-- Which cases they were told of as waiting too long: not all that wait stood among the new when they came.
create table post.warned (
  who bytea not null,
  about bytea not null,
  constraint warned_pkey primary key (who, about)
);
