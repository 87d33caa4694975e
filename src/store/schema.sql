-- A fresh database as the tests found it: tables, and under each what the rooms' logins may do with it.
-- Not run by anybody. POSTERN_WRITE_SCHEMA=1 node --test src/store/schema.test.ts writes it anew.

create schema blobs;
-- desk: usage
-- intake: usage
-- retention: usage

create table blobs.blob (
  chain bytea not null,
  seq integer not null,
  hash bytea not null,
  upload bytea not null,
  kind text not null,
  circle text not null,
  size bigint not null,
  pieces integer not null,
  constraint blob_pkey PRIMARY KEY (chain, hash),
  constraint blob_upload_key UNIQUE (upload),
  constraint blob_chain_check CHECK ((length(chain) = 32)),
  constraint blob_hash_check CHECK ((length(hash) = 32)),
  constraint blob_kind_check CHECK ((kind = ANY (ARRAY['body'::text, 'file'::text])))
);
-- desk: insert, select
-- intake: insert, select (upload)
-- retention: delete, select (chain, hash, seq, upload)

create table blobs.piece (
  upload bytea not null,
  n integer not null,
  sha256 bytea not null,
  size integer not null,
  bytes bytea storage external not null,
  constraint piece_pkey PRIMARY KEY (upload, n),
  constraint piece_n_check CHECK ((n >= 0)),
  constraint piece_sha256_check CHECK ((length(sha256) = 32)),
  constraint piece_size_check CHECK ((size > 0))
);
-- desk: insert, select
-- intake: insert, select (n, sha256, size, upload)
-- retention: delete, select (n, upload)

create table blobs.upload (
  id bytea not null,
  opened timestamp with time zone not null,
  constraint upload_pkey PRIMARY KEY (id),
  constraint upload_id_check CHECK ((length(id) = 16))
);
-- desk: insert, select
-- intake: insert, select (id, opened)
-- retention: delete, select (id, opened)

create schema boss;
-- post: create, usage

create schema desk;
-- desk: usage
-- intake: usage
-- post: usage
-- retention: usage

create table desk."case" (
  id bytea not null,
  number text not null,
  source text not null,
  received timestamp with time zone not null,
  last_seq integer not null default 0,
  state text not null default 'open'::text,
  sort text not null default ''::text,
  acknowledged timestamp with time zone,
  closed timestamp with time zone,
  title_seq integer,
  taken bytea,
  recent jsonb,
  asked_seq integer,
  held text not null default ''::text,
  constraint case_pkey PRIMARY KEY (id),
  constraint case_number_key UNIQUE (number),
  constraint case_id_check CHECK ((length(id) = 32)),
  constraint case_taken_check CHECK ((length(taken) = 32))
);
CREATE INDEX case_closed ON desk."case" USING btree (closed, id) WHERE (state = ANY (ARRAY['closed'::text, 'archived'::text]));
CREATE INDEX case_closed_sort ON desk."case" USING btree (sort, closed, id) WHERE (state = ANY (ARRAY['closed'::text, 'archived'::text]));
CREATE INDEX case_held ON desk."case" USING btree (received, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text])) AND (held <> ''::text));
CREATE INDEX case_new ON desk."case" USING btree (received, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text])) AND (acknowledged IS NULL) AND (source <> 'assessment'::text) AND (held = ''::text));
CREATE INDEX case_open ON desk."case" USING btree ((
CASE
    WHEN ((acknowledged IS NULL) AND (source <> 'assessment'::text)) THEN 0
    ELSE 1
END), received, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text])) AND (held = ''::text));
CREATE INDEX case_open_sort ON desk."case" USING btree (sort, (
CASE
    WHEN ((acknowledged IS NULL) AND (source <> 'assessment'::text)) THEN 0
    ELSE 1
END), received, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text])) AND (held = ''::text));
CREATE INDEX case_received ON desk."case" USING btree (received, id);
CREATE INDEX case_taken ON desk."case" USING btree (taken, (
CASE
    WHEN ((acknowledged IS NULL) AND (source <> 'assessment'::text)) THEN 0
    ELSE 1
END), received, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text])) AND (taken IS NOT NULL) AND (held = ''::text));
CREATE INDEX case_waiting ON desk."case" USING btree ((
CASE
    WHEN ((acknowledged IS NULL) AND (source <> 'assessment'::text)) THEN 0
    ELSE 1
END), received, id) WHERE ((state = 'waiting'::text) AND (held = ''::text));
-- desk: select, update
-- intake: insert
-- post: select (acknowledged, held, id, received, source, state)

create table desk.claim (
  lookup bytea not null,
  auth_hash bytea not null,
  case_id bytea not null,
  sealed bytea not null,
  made timestamp with time zone not null,
  expires timestamp with time zone not null,
  who bytea,
  enc text,
  joined bytea,
  mac bytea,
  claimed timestamp with time zone,
  attempts integer not null default 0,
  settled text,
  constraint claim_pkey PRIMARY KEY (lookup),
  constraint claim_auth CHECK ((length(auth_hash) = 32)),
  constraint claim_case CHECK ((length(case_id) = 32)),
  constraint claim_lookup CHECK ((length(lookup) = 16)),
  constraint claim_settled CHECK ((settled = ANY (ARRAY['accepted'::text, 'refused'::text]))),
  constraint claim_who CHECK ((length(who) = 32)),
  constraint claim_whole CHECK ((((who IS NULL) = (claimed IS NULL)) AND ((who IS NULL) = (mac IS NULL))))
);
CREATE INDEX claim_case_id ON desk.claim USING btree (case_id);
CREATE INDEX claim_unused ON desk.claim USING btree (expires) WHERE (who IS NULL);
-- desk: insert, select, update
-- intake: insert
-- retention: delete, select (expires, lookup, who)

create table desk.reader (
  case_id bytea not null,
  circle text not null,
  epoch integer not null,
  who bytea not null,
  constraint reader_pkey PRIMARY KEY (case_id, circle, epoch, who),
  constraint reader_who_check CHECK ((length(who) = 32))
);
CREATE INDEX reader_who ON desk.reader USING btree (who, case_id);
-- desk: delete, insert, select
-- post: select (case_id, who)

create table desk.statement (
  chain bytea not null,
  seq integer not null,
  id bytea not null,
  type text not null,
  head text not null,
  sig bytea not null,
  accepted timestamp with time zone not null,
  constraint statement_pkey PRIMARY KEY (chain, seq),
  constraint statement_id_key UNIQUE (id),
  constraint statement_chain_check CHECK ((length(chain) = 32)),
  constraint statement_id_check CHECK ((length(id) = 32)),
  constraint statement_sig_check CHECK ((length(sig) = 64))
);
-- desk: insert, select
-- intake: insert

create schema identity;
-- desk: usage
-- identity: usage
-- intake: usage
-- post: usage
-- site: usage

create table identity.address (
  who bytea not null,
  address text not null,
  noted timestamp with time zone not null,
  notices text not null default 'once'::text,
  looked timestamp with time zone not null default now(),
  constraint address_pkey PRIMARY KEY (who),
  constraint address_notices CHECK ((notices = ANY (ARRAY['once'::text, 'daily'::text, 'mute'::text]))),
  constraint address_who_check CHECK ((length(who) = 32))
);
-- identity: delete, insert, select, update
-- post: select (address, looked, noted, notices, who)

create table identity.challenge (
  nonce_hash bytea not null,
  expires timestamp with time zone not null,
  constraint challenge_pkey PRIMARY KEY (nonce_hash),
  constraint challenge_nonce_hash_check CHECK ((length(nonce_hash) = 32))
);
-- identity: delete, insert, select, update

create table identity.invitation (
  lookup bytea not null,
  auth_hash bytea not null,
  by_whom bytea not null,
  roles text[] not null,
  expires timestamp with time zone not null,
  joined jsonb,
  joined_at timestamp with time zone,
  admitted boolean not null default false,
  constraint invitation_pkey PRIMARY KEY (lookup),
  constraint invitation_auth_hash_check CHECK ((length(auth_hash) = 32)),
  constraint invitation_by_whom_check CHECK ((length(by_whom) = 32)),
  constraint invitation_lookup_check CHECK ((length(lookup) = 16))
);
-- identity: delete, insert, select, update

create table identity.passkey (
  id bytea not null,
  who bytea not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  label text not null,
  added timestamp with time zone not null,
  used timestamp with time zone,
  synced boolean not null,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint passkey_counter_check CHECK ((counter >= 0)),
  constraint passkey_id_check CHECK (((length(id) >= 1) AND (length(id) <= 384))),
  constraint passkey_who_check CHECK ((length(who) = 32))
);
CREATE INDEX passkey_who ON identity.passkey USING btree (who);
-- identity: delete, insert, select, update

create table identity.recovery (
  lookup bytea not null,
  auth_hash bytea not null,
  who bytea not null,
  replace_since timestamp with time zone,
  constraint recovery_pkey PRIMARY KEY (lookup),
  constraint recovery_who_key UNIQUE (who),
  constraint recovery_auth_hash_check CHECK ((length(auth_hash) = 32)),
  constraint recovery_lookup_check CHECK ((length(lookup) = 16)),
  constraint recovery_who_check CHECK ((length(who) = 32))
);
-- identity: delete, insert, select, update

create table identity.recovery_request (
  who bytea not null,
  asked timestamp with time zone not null,
  released timestamp with time zone,
  released_by bytea,
  seen timestamp with time zone,
  given timestamp with time zone,
  constraint recovery_request_pkey PRIMARY KEY (who),
  constraint recovery_request_check CHECK (((released IS NULL) = (released_by IS NULL))),
  constraint recovery_request_released_by_check CHECK ((length(released_by) = 32)),
  constraint recovery_request_who_check CHECK ((length(who) = 32))
);
-- identity: delete, insert, select, update

create table identity.server (
  only_row boolean not null default true,
  public_key bytea not null,
  restored_at timestamp with time zone,
  constraint server_pkey PRIMARY KEY (only_row),
  constraint server_only_row_check CHECK (only_row),
  constraint server_public_key_check CHECK ((length(public_key) = 32))
);
-- identity: insert, select, update

create table identity.session (
  token_hash bytea not null,
  kind text not null,
  who bytea not null,
  case_id bytea,
  opened timestamp with time zone not null,
  seen timestamp with time zone not null,
  id bytea not null,
  way text,
  passkey bytea,
  proved timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_id_key UNIQUE (id),
  constraint session_case_id_check CHECK ((length(case_id) = 32)),
  constraint session_check CHECK (((kind = 'reporter'::text) = (case_id IS NOT NULL))),
  constraint session_check1 CHECK (((kind = 'member'::text) = (way IS NOT NULL))),
  constraint session_check2 CHECK (((NOT (way IS DISTINCT FROM 'passkey'::text)) = (passkey IS NOT NULL))),
  constraint session_id_check CHECK ((length(id) = 16)),
  constraint session_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'reporter'::text]))),
  constraint session_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint session_way_check CHECK ((way = ANY (ARRAY['passkey'::text, 'key'::text]))),
  constraint session_who_check CHECK ((length(who) = 32))
);
CREATE INDEX session_who ON identity.session USING btree (who);
-- desk: delete, select (case_id, who)
-- identity: delete, insert, select, update

create table identity.setup (
  secret_hash bytea not null,
  expires timestamp with time zone not null,
  constraint setup_pkey PRIMARY KEY (secret_hash),
  constraint setup_secret_hash_check CHECK ((length(secret_hash) = 32))
);
-- identity: delete, insert, select, update

create table identity.statement (
  seq integer not null,
  id bytea not null,
  type text not null,
  head text not null,
  sig bytea not null,
  constraint statement_pkey PRIMARY KEY (seq),
  constraint statement_id_key UNIQUE (id),
  constraint statement_id_check CHECK ((length(id) = 32)),
  constraint statement_sig_check CHECK ((length(sig) = 64))
);
-- desk: select
-- identity: insert, select
-- intake: select
-- site: select

create schema intake;
-- desk: usage
-- intake: usage
-- post: usage

create table intake.mail (
  mark bytea not null,
  taken timestamp with time zone not null,
  constraint mail_pkey PRIMARY KEY (mark)
);
-- desk: insert
-- intake: insert
-- post: delete, select (taken)

create table intake.stored_mail (
  mark bytea not null,
  taken timestamp with time zone not null,
  constraint stored_mail_pkey PRIMARY KEY (mark)
);
-- desk: insert
-- intake: insert

create table intake.thread (
  mark bytea not null,
  about bytea not null,
  mail bigint,
  constraint thread_pkey PRIMARY KEY (mark)
);
-- desk: insert
-- intake: insert, select
-- post: insert

create schema keys;
-- desk: usage
-- identity: usage
-- intake: usage
-- retention: usage

create table keys.invitation (
  lookup bytea not null,
  bytes bytea not null,
  constraint invitation_pkey PRIMARY KEY (lookup),
  constraint invitation_lookup_check CHECK ((length(lookup) = 16))
);
-- identity: delete, insert, select

create table keys.label (
  chain bytea not null,
  seq integer not null,
  hash bytea not null,
  bytes bytea not null,
  constraint label_pkey PRIMARY KEY (chain, seq),
  constraint label_chain_check CHECK ((length(chain) = 32)),
  constraint label_hash_check CHECK ((length(hash) = 32))
);
-- desk: insert, select
-- retention: delete, select (chain, hash, seq)

create table keys.member_vault (
  who bytea not null,
  vault text not null,
  constraint member_vault_pkey PRIMARY KEY (who),
  constraint member_vault_who_check CHECK ((length(who) = 32))
);
-- identity: delete, insert, select, update

create table keys.packet (
  upload bytea not null,
  bytes bytea not null,
  constraint packet_pkey PRIMARY KEY (upload)
);
-- desk: insert, select
-- intake: insert
-- retention: delete, select (upload)

create table keys.vault (
  lookup bytea not null,
  auth_hash bytea not null,
  case_id bytea not null,
  who bytea not null,
  vault text not null,
  ended timestamp with time zone,
  constraint vault_pkey PRIMARY KEY (lookup),
  constraint vault_auth_hash_check CHECK ((length(auth_hash) = 32)),
  constraint vault_case_id_check CHECK ((length(case_id) = 32)),
  constraint vault_lookup_check CHECK ((length(lookup) = 16)),
  constraint vault_who_check CHECK ((length(who) = 32))
);
-- desk: insert, select (case_id, who), update (ended)
-- identity: select
-- intake: insert
-- retention: delete, select (case_id, ended, lookup)

create table keys.wrap (
  chain bytea not null,
  seq integer not null,
  hash bytea not null,
  circle text not null,
  epoch integer not null,
  reader text not null,
  bytes bytea not null,
  constraint wrap_pkey PRIMARY KEY (chain, hash),
  constraint wrap_chain_check CHECK ((length(chain) = 32)),
  constraint wrap_hash_check CHECK ((length(hash) = 32))
);
-- desk: insert, select
-- identity: insert, select
-- retention: delete, select (chain, hash, seq)

create schema ledger;
-- desk: usage
-- identity: usage
-- intake: usage
-- ledger: usage
-- site: usage

create table ledger.entry (
  seq bigint not null,
  id bytea not null,
  type text not null,
  head text not null,
  sig bytea not null,
  of_chain bytea,
  of_id bytea,
  of_seq integer,
  constraint entry_pkey PRIMARY KEY (seq),
  constraint entry_id_key UNIQUE (id),
  constraint entry_of_chain_of_seq_key UNIQUE (of_chain, of_seq),
  constraint entry_of_id_key UNIQUE (of_id),
  constraint entry_id_check CHECK ((length(id) = 32)),
  constraint entry_of_chain_check CHECK ((length(of_chain) = 32)),
  constraint entry_of_id_check CHECK ((length(of_id) = 32)),
  constraint entry_sig_check CHECK ((length(sig) = 64))
);
-- desk: insert, select
-- identity: insert, select
-- intake: insert, select
-- ledger: insert, select
-- site: select

create table ledger.node (
  level smallint not null,
  idx bigint not null,
  hash bytea not null,
  constraint node_pkey PRIMARY KEY (level, idx),
  constraint node_hash_check CHECK ((length(hash) = 32))
);
-- desk: insert, select
-- identity: insert, select
-- intake: insert, select
-- ledger: insert, select
-- site: select

create schema post;
-- desk: usage
-- identity: usage
-- intake: usage
-- post: usage

create table post.answered (
  mark bytea not null,
  day integer not null,
  constraint answered_pkey PRIMARY KEY (mark, day)
);
-- intake: insert
-- post: delete, insert, select, update

create table post.delivery (
  mail bigint not null generated always as identity,
  kind text not null,
  about bytea not null,
  state text not null,
  at timestamp with time zone not null,
  answer text not null default ''::text,
  statement bytea,
  constraint delivery_pkey PRIMARY KEY (mail),
  constraint delivery_state CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dead'::text, 'expired'::text, 'bounced'::text])))
);
CREATE INDEX delivery_about ON post.delivery USING btree (about);
CREATE INDEX delivery_waiting ON post.delivery USING btree (mail) WHERE (state = 'waiting'::text);
-- desk: insert, select (mail), update (answer, at, state)
-- intake: insert, select (mail), update (answer, at, state)
-- post: delete, insert, select, update

create table post.mail (
  id bigint not null,
  kind text not null,
  about bytea not null,
  sealed bytea not null,
  written timestamp with time zone not null,
  due timestamp with time zone,
  tries integer not null default 0,
  answer text not null default ''::text,
  constraint mail_pkey PRIMARY KEY (id)
);
CREATE INDEX mail_due ON post.mail USING btree (due) WHERE (due IS NOT NULL);
-- desk: insert
-- intake: insert
-- post: delete, insert, select, update

create table post.outbox (
  id bigint not null generated always as identity,
  kind text not null,
  about bytea not null,
  written timestamp with time zone not null,
  author bytea,
  constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_written ON post.outbox USING btree (written);
-- desk: insert
-- identity: insert
-- intake: insert
-- post: delete, select

create table post.told (
  who bytea not null,
  at timestamp with time zone not null,
  upto timestamp with time zone not null,
  constraint told_pkey PRIMARY KEY (who)
);
-- post: delete, insert, select, update

create table post.warned (
  who bytea not null,
  about bytea not null,
  constraint warned_pkey PRIMARY KEY (who, about)
);
-- post: delete, insert, select

create schema public;
-- everybody: usage

create table public.postern_grants (
  only_row boolean not null default true,
  level integer not null,
  sha256 text not null,
  constraint postern_grants_pkey PRIMARY KEY (only_row),
  constraint postern_grants_only_row_check CHECK (only_row)
);

create table public.postern_migration (
  number integer not null,
  name text not null,
  sha256 text not null,
  applied timestamp with time zone not null default now(),
  constraint postern_migration_pkey PRIMARY KEY (number)
);

create schema valve;
-- site: usage

create table valve.document (
  sha256 bytea not null,
  bytes bytea not null,
  taken timestamp with time zone not null,
  constraint document_pkey PRIMARY KEY (sha256),
  constraint document_sha256 CHECK ((length(sha256) = 32)),
  constraint document_size CHECK (((length(bytes) >= 1) AND (length(bytes) <= 1048576)))
);
-- site: insert, select

create table valve.draft (
  path text not null,
  sha256 bytea not null,
  author bytea not null,
  at timestamp with time zone not null,
  constraint draft_pkey PRIMARY KEY (path),
  constraint draft_path CHECK ((length(path) <= 512)),
  constraint draft_sha256 CHECK ((length(sha256) = 32))
);
-- site: delete, insert, select, update
