-- Where people are in their books, by device. A new table only: nothing is locked.

-- One row for every place that somebody has read at. Rows are added and never changed, so neither a late request nor another device can
-- overwrite where somebody was; which one counts is decided by whoever asks.
CREATE TABLE reading_positions (
  user_id      bigint           NOT NULL REFERENCES users ON DELETE CASCADE,
  book_id      bigint           NOT NULL,
  -- Made once by the browser or the program that reads.
  device_id    uuid             NOT NULL,
  -- For people, such as "Firefox · Android". On every row: it is what the device called itself at that time.
  device_label text             NOT NULL,
  chapter      integer          NOT NULL,
  -- UTF-16 code units of the chapter's text, as everywhere.
  char_offset  integer          NOT NULL CHECK (char_offset >= 0),
  -- How much of the book's words stand before it.
  share        double precision NOT NULL CHECK (share BETWEEN 0 AND 1),
  -- By the clock of the device. Part of the key, so that what is sent twice is there once.
  read_at      timestamptz      NOT NULL,
  recorded_at  timestamptz      NOT NULL DEFAULT now(),
  -- What devices are compared by: one whose clock is ahead must not be the most recent one for ever.
  at           timestamptz      NOT NULL GENERATED ALWAYS AS (LEAST(read_at, recorded_at)) STORED,
  PRIMARY KEY (book_id, user_id, device_id, read_at),
  FOREIGN KEY (book_id, chapter) REFERENCES chapters ON DELETE CASCADE
);
-- For the deletion of an account.
CREATE INDEX reading_positions_by_user ON reading_positions (user_id);

CREATE FUNCTION refuse_position_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A position is written once; a new one is a new row (book %, device %).', OLD.book_id, OLD.device_id
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER reading_positions_written_once
  BEFORE UPDATE ON reading_positions
  FOR EACH ROW EXECUTE FUNCTION refuse_position_change();
