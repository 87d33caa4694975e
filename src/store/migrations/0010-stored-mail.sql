-- A mail that was taken out of a mailbox or a file, by a keyed hash of its bytes. It stays, unlike the marks of
-- mail that comes by SMTP: a mailbox may be read again after years, and a restored desk must know what it has.
create table intake.stored_mail (
  mark bytea not null,
  taken timestamptz not null,
  constraint stored_mail_pkey primary key (mark)
);
