-- Coming back with recovery words leaves a trace that outlives a login, and the words are used once.

-- Since when these words must be replaced: a vault was given out for them alone, or their request was withdrawn.
alter table identity.recovery add column replace_since timestamptz;

alter table identity.recovery_request
  -- The last login of this person since they asked, by whomever: where time alone would open the vault, it
  -- counts from here, for somebody seems to be here.
  add column seen timestamptz,
  -- The vault was given out for this request.
  add column given timestamptz;
