-- Files: one row each with an owner, a size and an end; what the sweeper needs to know about works and jobs.
-- Locks: the new columns have no default, so no table is rewritten; the new constraint and the indexes read kernel.works
-- and kernel.jobs once while writes to them wait (well under a second for 100,000 rows).

-- A file that is kept. The row is written by the transaction that makes the file count; the file is in the store before.
CREATE TABLE kernel.artifacts (
  id           uuid PRIMARY KEY,
  owner_id     bigint NOT NULL,
  -- What it lives as long as. Whoever deletes one of these sets `expires_at` first; the check below refuses to forget it.
  work_id      bigint REFERENCES kernel.works (id) ON DELETE SET NULL,
  job_id       bigint REFERENCES kernel.jobs (id) ON DELETE SET NULL,
  subject      text,
  -- The result of `work_id`, too large for its row. Nobody downloads it.
  is_result    boolean NOT NULL DEFAULT false,
  -- For people; never part of a path.
  name         text NOT NULL,
  media_type   text NOT NULL,
  size         bigint NOT NULL CHECK (size >= 0),
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  -- Its name in the store. No two rows share a file, so removing one needs no counting.
  blob         text NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  -- Somebody is reading it until then.
  leased_until timestamptz,
  CHECK (num_nonnulls(expires_at, work_id, job_id, subject) > 0)
);
CREATE INDEX artifacts_by_owner ON kernel.artifacts (owner_id) INCLUDE (size);
CREATE INDEX artifacts_by_work ON kernel.artifacts (work_id) WHERE work_id IS NOT NULL;
CREATE INDEX artifacts_by_job ON kernel.artifacts (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX artifacts_by_subject ON kernel.artifacts (subject) WHERE subject IS NOT NULL;
CREATE INDEX artifacts_by_expiry ON kernel.artifacts (expires_at) WHERE expires_at IS NOT NULL;

-- A work's result is in its row or in the store, and the store's copy cannot go while the work is there.
ALTER TABLE kernel.works
  ADD COLUMN unreferenced_since timestamptz,
  ADD CHECK (result IS NULL OR result_blob IS NULL),
  ADD FOREIGN KEY (result_blob) REFERENCES kernel.artifacts (blob);
CREATE INDEX works_by_result_blob ON kernel.works (result_blob) WHERE result_blob IS NOT NULL;
CREATE INDEX works_unreferenced ON kernel.works (unreferenced_since) WHERE unreferenced_since IS NOT NULL;

-- When the log of an ended job was reduced to its first and last event.
ALTER TABLE kernel.jobs ADD COLUMN log_reduced_at timestamptz;
CREATE INDEX jobs_with_whole_log ON kernel.jobs (finished_at) WHERE finished_at IS NOT NULL AND log_reduced_at IS NULL;
-- Deleting a job looks for its retries; without this it would read the whole table.
CREATE INDEX jobs_by_retry_of ON kernel.jobs (retry_of) WHERE retry_of IS NOT NULL;
-- Every submit counts its owner's open jobs.
CREATE INDEX jobs_open_by_owner ON kernel.jobs (owner_id) WHERE finished_at IS NULL;
