-- Who wrote by mail claims their case with a code out of a mail (PROTOCOL 7).

create table desk.claim (
  lookup bytea not null,
  auth_hash bytea not null,
  case_id bytea not null,
  -- The code and who made it, for the desk alone.
  sealed bytea not null,
  made timestamptz not null,
  expires timestamptz not null,
  -- What was posted with the code. Set once; a later try finds it taken, and is counted.
  who bytea,
  enc text,
  joined bytea,
  mac bytea,
  claimed timestamptz,
  attempts integer not null default 0,
  -- What a coordinator made of it; null while it waits for one.
  settled text,
  constraint claim_pkey primary key (lookup),
  constraint claim_lookup check (length(lookup) = 16),
  constraint claim_auth check (length(auth_hash) = 32),
  constraint claim_case check (length(case_id) = 32),
  constraint claim_who check (length(who) = 32),
  constraint claim_whole check ((who is null) = (claimed is null) and (who is null) = (mac is null)),
  constraint claim_settled check (settled in ('accepted', 'refused'))
);
create index claim_case_id on desk.claim (case_id);
create index claim_unused on desk.claim (expires) where who is null;

-- Since when the words of this vault open nothing: another reporter was named, or the claim was refused.
alter table keys.vault add column ended timestamptz;
