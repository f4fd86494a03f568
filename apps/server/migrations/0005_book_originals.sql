-- The original of a book is a file of the kernel: one place on the disk (or in the object store), one sweeper, one quota, and nothing
-- that a crash between the file and its row leaves behind for ever. No release has stored books without: rows from before have no
-- original here, and their files stay in DATA_DIR/files until the operator removes them.
-- Locks: the table for a moment; nothing is rewritten.
ALTER TABLE books
  DROP COLUMN file_key,
  ADD COLUMN original_id uuid;
