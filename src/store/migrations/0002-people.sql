-- How members come in: passkeys, the vault that a passkey opens, recovery words, and sessions that know
-- how and when they were proved.

create table identity.passkey (
  -- The credential id. A vault names it too, and has room for 384 bytes.
  id bytea primary key check (length(id) between 1 and 384),
  who bytea not null check (length(who) = 32),
  -- COSE_Key, as the authenticator made it.
  public_key bytea not null,
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  label text not null,
  added timestamptz not null,
  used timestamptz,
  -- May its maker copy it to other devices?
  synced boolean not null
);
create index passkey_who on identity.passkey (who);

-- What the server knows of a member's recovery words: as of a receipt, no more.
create table identity.recovery (
  lookup bytea primary key check (length(lookup) = 16),
  auth_hash bytea not null check (length(auth_hash) = 32),
  who bytea not null unique check (length(who) = 32)
);
-- A member who asks for the vault with the words alone, until somebody releases it or a login ends it.
create table identity.recovery_request (
  who bytea primary key check (length(who) = 32),
  asked timestamptz not null,
  released timestamptz,
  released_by bytea check (length(released_by) = 32),
  check ((released is null) = (released_by is null))
);

-- Nothing says how the sessions of before began: everybody logs in once more.
delete from identity.session;
alter table identity.session
  -- What their owner sees of them; the token is never shown.
  add column id bytea not null unique check (length(id) = 16),
  add column way text check (way in ('passkey', 'key')),
  add column passkey bytea,
  -- The last login or step-up.
  add column proved timestamptz not null,
  add check ((kind = 'member') = (way is not null)),
  add check ((way is not distinct from 'passkey') = (passkey is not null));
create index session_who on identity.session (who);

-- The vault of a member, sealed under their own ways in. One per person.
create table keys.member_vault (
  who bytea primary key check (length(who) = 32),
  vault text not null
);
