-- A provider's budget in one row for each of its shares. A call asked three times and was corrected once, each time in a transaction of its own
-- that waited for the row of the one before: five calls that began together waited 20 to 30 ms for one another. It asks once now.
-- Unlogged: a crash of the database empties it, so a provider may be asked for two budgets within that minute; it answers 429 then,
-- as at the seam of two minutes, and is left alone for as long as it says.
-- Locks: creates only. kernel.rate_limits, which held these counters, stays for processes of the version before, until they are replaced.
CREATE UNLOGGED TABLE kernel.budgets (
  provider text NOT NULL,
  -- Whoever asks takes from `common`; `kept` is for works that a person waits for.
  share    text NOT NULL CHECK (share IN ('common', 'kept')),
  requests bigint NOT NULL,
  tokens   bigint NOT NULL,
  -- Of the minute in which they were taken. It begins with its first request.
  ends_at  timestamptz NOT NULL,
  PRIMARY KEY (provider, share)
);
