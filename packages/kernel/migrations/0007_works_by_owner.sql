-- Deleting an owner looks for what the owner's deleted jobs have left. Without the index that reads every work of everybody.
-- Locks: the index reads kernel.works once while writes to it wait (about a second for 1,000,000 rows).
CREATE INDEX works_by_owner ON kernel.works (owner_id);
