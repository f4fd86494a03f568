-- What operators watch: the counters of each worker's process, and jobs by status.
-- Locks: the column has no default, so kernel.workers is not rewritten; the index reads kernel.jobs once while writes to it
-- wait (well under a second for 100,000 rows).

-- Written with every fifth heartbeat; its form is `workerMetricsSchema`.
ALTER TABLE kernel.workers ADD COLUMN metrics jsonb;

-- Counting jobs reads this alone instead of the whole table.
CREATE INDEX jobs_by_status ON kernel.jobs (status);
