-- What each room's login may do. `:room` is replaced by the login of that room, see rooms.ts.
-- A line that is not here is refused by PostgreSQL. Nobody but the migrating login may TRUNCATE or alter.

-- intake: writes, never reads back. It reads public things only: the desk chain and the ledger.
grant usage on schema intake, identity, ledger, desk, blobs, keys, post to :intake;
grant select on identity.statement, ledger.entry, ledger.node to :intake;
grant insert on ledger.entry, ledger.node to :intake;
grant insert on desk."case", desk.statement, blobs.upload, blobs.piece, blobs.blob, keys.packet, keys.vault, post.outbox to :intake;
-- To resume an upload it must know which pieces came, but not their bytes.
grant select (id, opened) on blobs.upload to :intake;
grant select (upload, n, sha256, size) on blobs.piece to :intake;
-- To refuse a piece for an upload that is already part of a report.
grant select (upload) on blobs.blob to :intake;
-- A mail that came again is known by its mark, and the mark is not read back.
grant insert on intake.mail, intake.stored_mail to :intake;
-- The receipt of a mail, in the transaction that takes it.
grant select (mail) on post.delivery to :intake;
grant insert on post.mail, post.delivery to :intake;
-- The claim link in that receipt.
grant insert on desk.claim to :intake;
-- One answer a day: whether this one is a second shows by the conflict.
grant insert on post.answered to :intake;
-- Which case an answer by mail belongs to; and that what we sent came back.
grant select, insert on intake.thread to :intake;
grant update (state, answer, at) on post.delivery to :intake;

-- ledger: append only.
grant usage on schema ledger to :ledger;
grant select, insert on ledger.entry, ledger.node to :ledger;

-- identity: the desk chain, sessions and ways in. No case rows, except the reporter's vault to hand back.
grant usage on schema identity, ledger, keys, post to :identity;
grant select, insert on identity.statement to :identity;
grant select, insert, update, delete on identity.setup, identity.challenge, identity.session, identity.invitation, identity.address to :identity;
grant select, insert, update, delete on identity.passkey, identity.recovery, identity.recovery_request to :identity;
grant select, insert, update on identity.server to :identity;
grant select, insert on ledger.entry, ledger.node to :identity;
grant select, insert on keys.wrap to :identity;
grant select, insert, delete on keys.invitation to :identity;
grant select on keys.vault to :identity;
-- Of members only, who replace their own; it goes with their key.
grant select, insert, update, delete on keys.member_vault to :identity;
grant insert on post.outbox to :identity;

-- desk: reads ciphertext and heads, appends to chains, moves its projections. It deletes no key and no blob.
grant usage on schema desk, identity, ledger, blobs, keys, post, intake to :desk;
grant select on identity.statement to :desk;
grant select, insert on ledger.entry, ledger.node to :desk;
grant select, insert on desk.statement to :desk;
grant select, update on desk."case" to :desk;
grant select, insert, delete on desk.reader to :desk;
grant select, insert on blobs.blob, keys.wrap, keys.label to :desk;
grant select on blobs.upload, blobs.piece, keys.packet to :desk;
grant insert on blobs.upload, blobs.piece, keys.packet, post.outbox to :desk;
-- What answers to a mail of this room will be known by; a mail that comes to a case, once, and what it gives back.
grant insert on intake.thread, intake.mail, intake.stored_mail to :desk;
grant select (mail), update (state, answer, at) on post.delivery to :desk;
-- Claims, and the way in of a claimant: it ends when their claim is refused or another takes its place.
grant select, insert, update on desk.claim to :desk;
grant select (case_id, who), insert, update (ended) on keys.vault to :desk;
grant select (case_id, who), delete on identity.session to :desk;
-- Answers that leave by mail, in the transaction that takes them. What waits is not read back.
grant insert on post.mail, post.delivery to :desk;

-- retention: the only login that deletes keys and blobs of cases. It sweeps half uploads after a day.
grant usage on schema blobs, keys, desk to :retention;
grant select (id, opened), delete on blobs.upload to :retention;
grant select (upload, n), delete on blobs.piece to :retention;
grant select (chain, seq, hash, upload), delete on blobs.blob to :retention;
grant select (upload), delete on keys.packet to :retention;
grant select (chain, seq, hash), delete on keys.wrap to :retention;
grant select (chain, seq, hash), delete on keys.label to :retention;
grant select (lookup, case_id, ended), delete on keys.vault to :retention;
-- Claim links that nobody used.
grant select (lookup, expires, who), delete on desk.claim to :retention;

-- post: takes the outbox and owns the job queue (schema boss).
grant usage on schema post to :post;
grant select, delete on post.outbox to :post;
grant select, insert, update, delete on post.mail, post.delivery, post.answered to :post;
-- What an answer to a mail will be known by.
grant insert on intake.thread to :post;
-- Marks of mails that nobody sends again.
grant usage on schema intake to :post;
grant select (taken), delete on intake.mail to :post;
-- Whom to tell that something changed: where, how often, and whether they may read the case. No head, no session.
grant usage on schema identity, desk to :post;
grant select (who, address, notices, noted, looked) on identity.address to :post;
grant select (case_id, who) on desk.reader to :post;
grant select (id, received, source, state, acknowledged, held) on desk."case" to :post;
grant select, insert, update, delete on post.told to :post;
grant select, insert, delete on post.warned to :post;
grant usage, create on schema boss to :post;

-- site: builds the public tree. The desk chain and the ledger are public; no case row, no key, no blob.
grant usage on schema identity, ledger to :site;
grant select on identity.statement, ledger.entry, ledger.node to :site;
-- The documents of it, and what is prepared.
grant usage on schema valve to :site;
grant select, insert on valve.document to :site;
grant select, insert, update, delete on valve.draft to :site;
