-- Books, their chapters, and the descriptions found in them. New tables only: nothing is locked.

-- A book as it was parsed at its upload. There is no row for a file that could not be read.
CREATE TABLE books (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id       bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Of the file as handed in: its name in the file store, and how a second upload is recognised.
  sha256         text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  file_name      text        NOT NULL,
  file_bytes     bigint      NOT NULL,
  format         text        NOT NULL CHECK (format IN ('epub', 'fb2', 'mobi', 'txt')),
  title          text        NOT NULL,
  authors        jsonb       NOT NULL,
  language       text,
  toc            jsonb       NOT NULL,
  toc_source     text        NOT NULL,
  -- {image, alt}: names a picture inside the file.
  cover          jsonb,
  warnings       jsonb       NOT NULL,
  words          integer     NOT NULL CHECK (words >= 0),
  -- Which parser made the chapters: offsets hold for its text alone.
  parser_version integer     NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner_id, sha256)
);
CREATE INDEX books_by_owner ON books (owner_id, id DESC);

CREATE TABLE chapters (
  book_id             bigint  NOT NULL REFERENCES books ON DELETE CASCADE,
  number              integer NOT NULL CHECK (number > 0),
  title               text    NOT NULL,
  -- Titles above it in the table of contents, outermost first.
  path                jsonb   NOT NULL,
  -- Only where it differs from the book's.
  language            text,
  -- The closed tree. `text` is rendered from it once, so that offsets and their hash cannot drift with a newer renderer.
  content             jsonb   NOT NULL,
  notes               jsonb   NOT NULL,
  text                text    NOT NULL,
  text_hash           text    NOT NULL CHECK (text_hash ~ '^[0-9a-f]{64}$'),
  words               integer NOT NULL CHECK (words >= 0),
  -- The verdict: a pure function of the document, computed once, in the transaction that creates the row. Never NULL, so
  -- that nobody can find it undecided and decide it a second time.
  page_class          text    NOT NULL CHECK (page_class IN ('chapter', 'service', 'divider', 'matter', 'notes')),
  page_class_reason   text    NOT NULL,
  -- A person's correction is another column: no program writes it, and no person writes the verdict.
  page_class_override text    CHECK (page_class_override IN ('chapter', 'service', 'divider', 'matter', 'notes')),
  overridden_by       bigint  REFERENCES users ON DELETE SET NULL,
  overridden_at       timestamptz,
  -- What holds. Here, so that no reader can forget the correction.
  effective_class     text    NOT NULL GENERATED ALWAYS AS (COALESCE(page_class_override, page_class)) STORED,
  PRIMARY KEY (book_id, number),
  CHECK ((page_class_override IS NULL) = (overridden_at IS NULL))
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The text and the verdict of a chapter are written once, when it is created (book %, chapter %).',
    OLD.book_id, OLD.number USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER chapters_written_once
  BEFORE UPDATE OF content, notes, text, text_hash, page_class, page_class_reason ON chapters
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What one finished work of the kernel found in one chapter; nothing found is a set, too. The work's id is the key: however
-- often a work's end is written, by the job that ran it and by every job that joined it, there is one set.
-- No reference to kernel.works, whose rows have a time to live of their own.
CREATE TABLE description_sets (
  work_id    bigint      PRIMARY KEY,
  book_id    bigint      NOT NULL,
  chapter    integer     NOT NULL,
  -- The kernel's generation: raised by whoever wants the chapter prepared anew.
  generation integer     NOT NULL,
  -- Id and version: `offline-rules/1`.
  engine     text        NOT NULL,
  found      integer     NOT NULL CHECK (found >= 0),
  -- [{quote, reason, score}]: looked at and not kept, with the reason.
  rejects    jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (book_id, chapter) REFERENCES chapters ON DELETE CASCADE
);
CREATE INDEX description_sets_newest ON description_sets (book_id, chapter, generation DESC, work_id DESC);

CREATE TABLE descriptions (
  id           bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  work_id      bigint           NOT NULL REFERENCES description_sets ON DELETE CASCADE,
  kind         text             NOT NULL CHECK (kind IN ('place', 'character', 'atmosphere', 'object')),
  quote        text             NOT NULL,
  -- UTF-16 code units of the chapter's text, as JavaScript's `slice` counts.
  start_offset integer          NOT NULL CHECK (start_offset >= 0),
  end_offset   integer          NOT NULL,
  confidence   double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  CHECK (end_offset > start_offset),
  UNIQUE (work_id, start_offset, end_offset)
);

-- The one set that a chapter shows: the newest generation's, and within it that of the work created last (another engine has
-- another key, and so another work). Derived instead of marked: sets are only ever added, so no two writers can disagree
-- about a flag, and a late older work cannot replace a newer one.
CREATE VIEW current_description_sets AS
  SELECT DISTINCT ON (book_id, chapter)
         work_id, book_id, chapter, generation, engine, found, rejects, created_at
    FROM description_sets
   ORDER BY book_id, chapter, generation DESC, work_id DESC;
