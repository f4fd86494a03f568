-- What people change of a chapter, with a way back; pictures; a file of its own for every book.
-- Locks: two new tables; ALTER TABLE books rewrites nothing (a column without a default) and its UPDATE touches each row once.

-- What a person has asked of a chapter, oldest first. Undoing is a mark, not a deletion: a version that was undone must not be taken
-- for a new one when its result comes in late, and its number must not be given again.
CREATE TABLE chapter_revisions (
  book_id             bigint      NOT NULL,
  chapter             integer     NOT NULL,
  number              integer     NOT NULL CHECK (number > 0),
  -- The version of the descriptions that it asked for; NULL where it corrected the class alone.
  generation          integer     CHECK (generation > 0),
  -- The correction that holds since; NULL: the verdict itself.
  page_class_override text        CHECK (page_class_override IN ('chapter', 'service', 'divider', 'matter', 'notes')),
  -- The job that was made for it, which an undo cancels. No reference: jobs have a time to live of their own.
  job_id              bigint,
  created_by          bigint      REFERENCES users ON DELETE SET NULL,
  created_at          timestamptz NOT NULL DEFAULT now(),
  undone_at           timestamptz,
  PRIMARY KEY (book_id, chapter, number),
  FOREIGN KEY (book_id, chapter) REFERENCES chapters ON DELETE CASCADE
);

-- A correction is exactly what the newest revision says that is not undone. Whoever writes one without the other is stopped here.
CREATE FUNCTION refuse_unrecorded_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.page_class_override IS DISTINCT FROM (
    SELECT r.page_class_override
      FROM chapter_revisions r
     WHERE r.book_id = NEW.book_id
       AND r.chapter = NEW.number
       AND r.undone_at IS NULL
     ORDER BY r.number DESC
     LIMIT 1)
  THEN
    RAISE EXCEPTION 'A correction is written with its revision (book %, chapter %).', NEW.book_id, NEW.number
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER chapters_corrected_by_revision
  BEFORE UPDATE OF page_class_override ON chapters
  FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_correction();

-- The version that whoever prepares the chapter now makes: the newest that is not undone, 0 before anybody asked for another.
CREATE FUNCTION wanted_generation(bigint, integer) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT COALESCE(max(generation), 0)
    FROM chapter_revisions
   WHERE book_id = $1
     AND chapter = $2
     AND undone_at IS NULL
$$;

-- As before, but for the versions that were undone.
CREATE OR REPLACE VIEW current_description_sets AS
  SELECT DISTINCT ON (book_id, chapter)
         work_id, book_id, chapter, generation, engine, found, rejects, created_at
    FROM description_sets s
   WHERE NOT EXISTS (SELECT
                       FROM chapter_revisions r
                      WHERE r.book_id = s.book_id
                        AND r.chapter = s.chapter
                        AND r.generation = s.generation
                        AND r.undone_at IS NOT NULL)
   ORDER BY book_id, chapter, generation DESC, work_id DESC;

-- The pictures that a book's cover and chapters refer to. In rows: they come and go with the book in its transaction, and no reader
-- ever gets one whose book is gone. The parser leaves out what is larger than 10 MB, and whatever exceeds 60 MB a book.
CREATE TABLE book_images (
  book_id    bigint NOT NULL REFERENCES books ON DELETE CASCADE,
  -- As the chapters name it.
  image      text   NOT NULL,
  media_type text   NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml')),
  sha256     text   NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes      bytea  NOT NULL,
  PRIMARY KEY (book_id, image)
);
-- They are compressed already.
ALTER TABLE book_images ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The name of the original in the file store. One a book, never used again: shared by content, a deletion and an upload of the same
-- book at the same moment would leave a row without its file.
ALTER TABLE books ADD COLUMN file_key text;
UPDATE books SET file_key = sha256;
ALTER TABLE books ALTER COLUMN file_key SET NOT NULL;
