-- What a ticket was asked for with: a stream that was opened with one ends when that session or key does. Plain numbers: a session that
-- was deleted has ended, and a ticket lives a minute.
-- Locks: the table for a moment; nothing is rewritten.
ALTER TABLE stream_tickets
  ADD COLUMN session_id bigint,
  ADD COLUMN key_id     bigint;
