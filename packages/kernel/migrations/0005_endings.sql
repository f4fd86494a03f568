-- What a job needs to end whatever its pipeline's statements and its merge do, and what tells two ways of waiting apart.
-- Locks: the defaults are constants, so no table is rewritten.

ALTER TABLE kernel.jobs
  -- How often a statement of its pipeline has undone one of its transitions.
  ADD COLUMN hook_failures int NOT NULL DEFAULT 0,
  -- What `active_seconds` was when its merge entered the queue: the merge has the hard limit's time anew.
  ADD COLUMN merge_from_seconds double precision;

-- It waits for a minute's budget, of which a part is kept for waiting persons, and not for a moment that somebody has named.
ALTER TABLE kernel.works ADD COLUMN waits_for_budget boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN kernel.attempts.is_alone IS 'In a child process of its own, whose parent sees and counts its end.';
