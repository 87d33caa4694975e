-- Who takes care of a case, and the lanes of the queue. Each lane has its index, so that a page or a
-- count of one reads rows of its own only, whatever the desk has gathered over the years.

alter table desk."case" add column taken bytea check (length(taken) = 32);

-- The rank, first in each index of open cases: 0 while an acknowledgement is owed. An assessment owes none.
create index case_open on desk."case"
  ((case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting');
create index case_open_sort on desk."case"
  (sort, (case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting');
create index case_new on desk."case" (received, id)
  where state in ('open', 'waiting') and acknowledged is null and source <> 'assessment';
create index case_taken on desk."case"
  (taken, (case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state in ('open', 'waiting') and taken is not null;
create index case_waiting on desk."case"
  ((case when acknowledged is null and source <> 'assessment' then 0 else 1 end), received, id)
  where state = 'waiting';
-- What was closed last stands first.
create index case_closed on desk."case" (closed, id) where state in ('closed', 'archived');
create index case_closed_sort on desk."case" (sort, closed, id)
  where state in ('closed', 'archived');
