-- Answers leave by mail together with a message of a case: what became of each stands beside that message.

alter table post.delivery
  -- The message that it left with; null for what a program wrote by itself.
  add column statement bytea;
