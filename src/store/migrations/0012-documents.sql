-- The valve: what may be published. Whether it is says the desk chain alone, by the hash.

create schema valve;

-- Found by its hash, never changed. All of it is meant for everybody; nothing confidential belongs here.
create table valve.document (
  sha256 bytea not null,
  bytes bytea not null,
  taken timestamptz not null,
  constraint document_pkey primary key (sha256),
  constraint document_sha256 check (length(sha256) = 32),
  constraint document_size check (length(bytes) between 1 and 1048576)
);

-- What a coordinator prepares for a path, for the others to read before it is released.
create table valve.draft (
  path text not null,
  sha256 bytea not null,
  author bytea not null,
  at timestamptz not null,
  constraint draft_pkey primary key (path),
  constraint draft_sha256 check (length(sha256) = 32),
  constraint draft_path check (length(path) <= 512)
);
