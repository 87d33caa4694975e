-- Who spoke last in a case, from heads alone: the queue says what is new and who waits, without reading chains.

alter table desk."case"
  -- Per thread the newest ten messages, each [place, author, key that it is sealed to]. Null until the desk
  -- moves the case: then there is nothing but its opening.
  add column recent jsonb,
  -- The newest message of the general thread, where the reporter wrote it and nobody answered since.
  add column asked_seq integer;

with message as (
  select s.chain, s.seq, s.type, s.head::json->>'by' as by, s.head::json->>'to' as "to"
  from desk.statement s
  where s.type in ('case.open', 'case.message', 'case.mail', 'case.handoff')
), newest as (
  select m.*, row_number() over (partition by m.chain, split_part(m."to", '/', 1) order by m.seq desc) as n
  from message m
), told as (
  select chain, jsonb_agg(jsonb_build_array(seq, by, "to") order by seq) as recent
  from newest where n <= 10 group by chain
)
update desk."case" c set recent = told.recent from told where told.chain = c.id and c.last_seq > 0;

update desk."case" c set asked_seq = word.seq
from (
  select distinct on (s.chain) s.chain, s.seq, s.type, s.head::json->>'by' as by
  from desk.statement s
  where s.type in ('case.open', 'case.mail')
    or (s.type = 'case.message' and s.head::json->>'to' like 'all/%')
    or (s.type = 'case.state' and s.head::json->>'state' = 'waiting' and s.head::json->>'project' = '')
  order by s.chain, s.seq desc
) word, desk.statement opening
where word.chain = c.id and opening.chain = c.id and opening.seq = 0
  and c.last_seq > 0 and c.source <> 'assessment' and word.type <> 'case.state'
  and (word.type in ('case.open', 'case.mail') or word.by = opening.head::json->>'by');
