-- The parts of one job are recorded one after the other, and compressing a result of 40 kB took as long as all the rest of its record. Results
-- that are stored from now on take about twice the room; what a backup writes is compressed by itself.
-- Locks: the table for a moment; nothing is rewritten.
ALTER TABLE kernel.works ALTER COLUMN result SET STORAGE EXTERNAL;
