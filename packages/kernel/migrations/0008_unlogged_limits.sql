-- Every call of a model counts in here three times, and each commit waited for the disk: a third of what a call cost beside the model.
-- Without a log there is nothing to wait for. A crash of the database empties the table, so a provider may be asked for two budgets
-- within that minute; it answers 429 then, as at the seam of two windows, and is left alone for as long as it says.
-- Locks: the table, while its few rows are written anew.
ALTER TABLE kernel.rate_limits SET UNLOGGED;

-- What a model has answered is kept while its work is not done, some 20 kB: compressing it took longer than writing it.
-- Locks: the table for a moment; nothing is rewritten.
ALTER TABLE kernel.memos ALTER COLUMN value SET STORAGE EXTERNAL;
