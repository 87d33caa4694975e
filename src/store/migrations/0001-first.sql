-- One schema per room. Every table is owned by the migrating login; what each room's own login may do
-- stands in grants.sql and nowhere else.

create schema ledger;
create schema identity;
create schema desk;
create schema intake;
create schema blobs;
create schema keys;
create schema post;
-- What is in here belongs to pg-boss, which runs as the login of post.
create schema boss;

-- ledger: the statements of the server's own chain (PROTOCOL 5.4) and the Merkle tree over them (RFC 6962).
create table ledger.entry (
  seq bigint primary key,
  id bytea not null unique check (length(id) = 32),
  type text not null,
  head text not null,
  sig bytea not null check (length(sig) = 64),
  of_chain bytea check (length(of_chain) = 32),
  of_id bytea unique check (length(of_id) = 32),
  of_seq integer,
  -- At most one acceptance per place: two would be the proof of a fork.
  unique (of_chain, of_seq)
);
-- The root of every complete subtree: level 0 holds the leaves, `idx` counts from the left.
create table ledger.node (
  level smallint not null,
  idx bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (level, idx)
);

-- identity: the desk chain, and who stands at the door.
create table identity.statement (
  seq integer primary key,
  id bytea not null unique check (length(id) = 32),
  type text not null,
  head text not null,
  sig bytea not null check (length(sig) = 64)
);
-- One row: which server key this database belongs to, and the state of a restored copy.
create table identity.server (
  only_row boolean primary key default true check (only_row),
  public_key bytea not null check (length(public_key) = 32),
  restored_at timestamptz
);
create table identity.setup (
  secret_hash bytea primary key check (length(secret_hash) = 32),
  expires timestamptz not null
);
create table identity.challenge (
  nonce_hash bytea primary key check (length(nonce_hash) = 32),
  expires timestamptz not null
);
create table identity.session (
  token_hash bytea primary key check (length(token_hash) = 32),
  kind text not null check (kind in ('member', 'reporter')),
  who bytea not null check (length(who) = 32),
  case_id bytea check (length(case_id) = 32),
  opened timestamptz not null,
  seen timestamptz not null,
  check ((kind = 'reporter') = (case_id is not null))
);
create table identity.invitation (
  lookup bytea primary key check (length(lookup) = 16),
  auth_hash bytea not null check (length(auth_hash) = 32),
  by_whom bytea not null check (length(by_whom) = 32),
  roles text[] not null,
  expires timestamptz not null,
  -- What the invited person posted: {who, enc, handle, join, mac}. Set once; a second try finds it taken.
  joined jsonb,
  joined_at timestamptz,
  admitted boolean not null default false
);

-- Where notices go. A member gives it, and it goes with their key; never in a statement, for the chain is public.
create table identity.address (
  who bytea primary key check (length(who) = 32),
  address text not null,
  noted timestamptz not null
);

-- desk: case chains and what is projected from their heads for speed. Nothing here opens anything.
create table desk."case" (
  id bytea primary key check (length(id) = 32),
  number text not null unique,
  source text not null,
  received timestamptz not null,
  -- Moved by the desk, never by intake: the newest place in the chain and the fold's outcome.
  last_seq integer not null default 0,
  state text not null default 'open',
  sort text not null default '',
  acknowledged timestamptz,
  closed timestamptz,
  title_seq integer
);
create index case_received on desk."case" (received, id);
create table desk.statement (
  chain bytea not null check (length(chain) = 32),
  seq integer not null,
  id bytea not null unique check (length(id) = 32),
  type text not null,
  head text not null,
  sig bytea not null check (length(sig) = 64),
  accepted timestamptz not null,
  primary key (chain, seq)
);
-- Which person reads which circle of a case, for handing out ciphertext and notices.
create table desk.reader (
  case_id bytea not null,
  circle text not null,
  epoch integer not null,
  who bytea not null check (length(who) = 32),
  primary key (case_id, circle, epoch, who)
);
create index reader_who on desk.reader (who, case_id);

-- blobs: the long encrypted packets, in the pieces in which they came. The key packets in front are cut off.
create table blobs.upload (
  id bytea primary key check (length(id) = 16),
  opened timestamptz not null
);
create table blobs.piece (
  upload bytea not null,
  n integer not null check (n >= 0),
  sha256 bytea not null check (length(sha256) = 32),
  size integer not null check (size > 0),
  bytes bytea not null,
  primary key (upload, n)
);
alter table blobs.piece alter column bytes set storage external;
-- A complete blob that an accepted statement names. An upload without such a row is swept after a day.
create table blobs.blob (
  chain bytea not null check (length(chain) = 32),
  seq integer not null,
  hash bytea not null check (length(hash) = 32),
  upload bytea not null unique,
  kind text not null check (kind in ('body', 'file')),
  circle text not null,
  size bigint not null,
  pieces integer not null,
  primary key (chain, hash)
);

-- keys: whoever deletes a case's rows here has destroyed the case (PROTOCOL 2.1, storage rule).
create table keys.packet (
  upload bytea primary key,
  bytes bytea not null
);
create table keys.wrap (
  chain bytea not null check (length(chain) = 32),
  seq integer not null,
  hash bytea not null check (length(hash) = 32),
  circle text not null,
  epoch integer not null,
  reader text not null,
  bytes bytea not null,
  primary key (chain, hash)
);
create table keys.label (
  chain bytea not null check (length(chain) = 32),
  seq integer not null,
  hash bytea not null check (length(hash) = 32),
  bytes bytea not null,
  primary key (chain, seq)
);
create table keys.vault (
  lookup bytea primary key check (length(lookup) = 16),
  auth_hash bytea not null check (length(auth_hash) = 32),
  case_id bytea not null check (length(case_id) = 32),
  who bytea not null check (length(who) = 32),
  vault text not null
);
-- The code of an invitation, sealed to the desk.
create table keys.invitation (
  lookup bytea primary key check (length(lookup) = 16),
  bytes bytea not null
);

-- post: what has to be told to somebody. Rooms insert in their own transaction; only post reads.
create table post.outbox (
  id bigint generated always as identity primary key,
  kind text not null,
  about bytea not null,
  written timestamptz not null
);
